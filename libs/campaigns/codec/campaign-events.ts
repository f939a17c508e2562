import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId, OrganisationId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  CampaignEvent,
  CampaignId,
  CampaignKind,
  EndReason,
  SignUpId,
  SpendingTerms,
  Winner,
} from '../domain/campaign/index.js';
import type { AwardAmounts } from '../domain/lottery/index.js';

/**
 * How the events of a campaign are stored: schemas/events/campaigns. Amounts are integer texts of minor units of the campaign's
 * asset.
 */
export const campaignEvents = defineEvents<CampaignEvent>('campaigns', {
  CampaignDrafted: {
    version: 1,
    encode: ({ award, spending, ...data }) => ({
      ...data,
      award: encodeAward(award),
      spending: encodeSpending(spending),
    }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      tenant: json['tenant'] as TenantId,
      organiser: json['organiser'] as OrganisationId,
      name: json['name'] as string,
      sponsor: json['sponsor'] as string,
      kind: json['kind'] as CampaignKind,
      asset: json['asset'] as Asset,
      award: decodeAward(json['award'] as JsonObject),
      spending: decodeSpending(json['spending'] as JsonObject),
      opensAt: json['opensAt'] as Instant,
      closesAt: json['closesAt'] as Instant,
      drawAt: json['drawAt'] as Instant,
      expiresAt: json['expiresAt'] as Instant,
      budgetContractId: json['budgetContractId'] as ContractId,
      commitment: json['commitment'] as string,
      sealedSeed: json['sealedSeed'] as string,
      makerKey: json['makerKey'] as string,
      inputHash: json['inputHash'] as string,
      draftedAt: json['draftedAt'] as Instant,
      nextDueAt: dueOf(json),
    }),
  },
  CampaignSponsored: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      walletId: json['walletId'] as WalletId,
      sponsorKey: json['sponsorKey'] as string,
      sponsoredAt: json['sponsoredAt'] as Instant,
      nextDueAt: dueOf(json),
    }),
  },
  CampaignOpened: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      openedAt: json['openedAt'] as Instant,
      nextDueAt: dueOf(json),
    }),
  },
  SignUpRecorded: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      signUpId: json['signUpId'] as SignUpId,
      number: json['number'] as number,
      account: json['account'] as string,
      personKey: json['personKey'] as string,
      signedUpAt: json['signedUpAt'] as Instant,
    }),
  },
  SeedRevealed: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      seed: json['seed'] as string,
      signUps: json['signUps'] as number,
      digest: json['digest'] as string,
      awards: json['awards'] as number,
      revealedAt: json['revealedAt'] as Instant,
      nextDueAt: dueOf(json),
    }),
  },
  WinnersDrawn: {
    version: 1,
    encode: ({ campaignId, winners }) => ({ campaignId, winners: winners.map(encodeWinner) }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      winners: (json['winners'] as readonly JsonObject[]).map(decodeWinner),
    }),
  },
  AwardGranted: {
    version: 1,
    encode: ({ campaignId, grantedAt, nextDueAt, ...winner }) => ({
      campaignId,
      ...encodeWinner(winner),
      grantedAt,
      nextDueAt,
    }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      ...decodeWinner(json),
      grantedAt: json['grantedAt'] as Instant,
      nextDueAt: dueOf(json),
    }),
  },
  CampaignEnded: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      campaignId: campaignIdOf(json),
      reason: json['reason'] as EndReason,
      granted: json['granted'] as number,
      endedAt: json['endedAt'] as Instant,
    }),
  },
});

function campaignIdOf(json: JsonObject): CampaignId {
  return json['campaignId'] as CampaignId;
}

function dueOf(json: JsonObject): Instant | null {
  return json['nextDueAt'] as Instant | null;
}

function encodeAward(award: AwardAmounts): JsonObject {
  if (award.kind === 'packets') {
    const { kind, pot, packets, split } = award;
    return { kind, pot: pot.toString(), packets, split };
  }
  const prizes = award.prizes.map(({ amount, count }) => ({ amount: amount.toString(), count }));
  return { kind: award.kind, prizes };
}

function decodeAward(json: JsonObject): AwardAmounts {
  if (json['kind'] === 'packets') {
    return {
      kind: 'packets',
      pot: minorOf(json['pot']),
      packets: json['packets'] as number,
      split: json['split'] as 'equal' | 'random',
    };
  }
  const prizes = json['prizes'] as readonly JsonObject[];
  return {
    kind: 'prizes',
    prizes: prizes.map(({ amount, count }) => ({ amount: minorOf(amount), count: count as number })),
  };
}

function encodeSpending({ shops, mccs, minSpend }: SpendingTerms): JsonObject {
  return { shops: [...shops], mccs: [...mccs], minSpend: minSpend.toString() };
}

function decodeSpending(json: JsonObject): SpendingTerms {
  return {
    shops: json['shops'] as readonly OrganisationId[],
    mccs: json['mccs'] as readonly string[],
    minSpend: minorOf(json['minSpend']),
  };
}

function encodeWinner({ rank, signUpId, account, amount, contractId }: Winner): JsonObject {
  return { rank, signUpId, account, amount: amount.toString(), contractId };
}

function decodeWinner(json: JsonObject): Winner {
  return {
    rank: json['rank'] as number,
    signUpId: json['signUpId'] as SignUpId,
    account: json['account'] as string,
    amount: minorOf(json['amount']),
    contractId: json['contractId'] as ContractId,
  };
}

function minorOf(json: Json | undefined): bigint {
  return BigInt(json as string);
}
