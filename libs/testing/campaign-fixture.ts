/** A campaign of two vouchers, its people, and its history up to the last award; for the specs of its decider. */
import type { CampaignEvent, CampaignTerms, Winner } from '#libs/campaigns/domain/campaign/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';

export const day = (text: string, hour = 0) =>
  parseInstant(`2026-11-${text}T${String(hour).padStart(2, '0')}:00:00Z`);
export const campaignId = asId<'campaign'>('campaign-1');
export const keyOf = (person: string): string => Buffer.from(person.padEnd(32, '.')).toString('hex');
export const terms: CampaignTerms = {
  campaignId,
  tenant: asId('demo'),
  organiser: asId('school-1'),
  name: '秋季消费券',
  sponsor: 'sponsor-1',
  kind: 'voucher',
  asset: CNY,
  award: {
    kind: 'prizes',
    prizes: [
      { amount: 500n, count: 1 },
      { amount: 100n, count: 1 },
    ],
  },
  spending: { shops: [], mccs: [], minSpend: 0n },
  opensAt: day('02'),
  closesAt: day('05'),
  drawAt: day('06'),
  expiresAt: day('20'),
  budgetContractId: asId('campaign-1'),
  commitment: 'c'.repeat(64),
  sealedSeed: 'e'.repeat(64),
  makerKey: keyOf('maker'),
  inputHash: 'a'.repeat(64),
  draftedAt: day('01'),
};
export const at = day('01');
export const drafted: CampaignEvent = {
  type: 'CampaignDrafted',
  data: { ...terms, nextDueAt: terms.closesAt },
};
export const walletId = asId<'wallet'>('wallet-1');
export const sponsorKey = keyOf('sponsor');
export const sponsored: CampaignEvent = {
  type: 'CampaignSponsored',
  data: { campaignId, walletId, sponsorKey, sponsoredAt: at, nextDueAt: at },
};
export const opened: CampaignEvent = {
  type: 'CampaignOpened',
  data: { campaignId, openedAt: at, nextDueAt: terms.drawAt },
};
export const open = [drafted, sponsored, opened];

export const signUp = (person: string, when = day('03'), account = `account-${person}`) =>
  ({
    kind: 'signUp',
    signUpId: asId<'signUp'>(`sign-up-${person}`),
    account,
    personKey: keyOf(person),
    at: when,
  }) as const;
export const signedUp = (person: string, number: number, account = `account-${person}`): CampaignEvent => ({
  type: 'SignUpRecorded',
  data: {
    campaignId,
    signUpId: asId<'signUp'>(`sign-up-${person}`),
    number,
    account,
    personKey: keyOf(person),
    signedUpAt: day('03'),
  },
});
export const winner = (person: string, rank: number, amount: bigint): Winner => ({
  rank,
  signUpId: asId(`sign-up-${person}`),
  account: `account-${person}`,
  amount,
  contractId: asId(`voucher-${rank}`),
});
export const three = [signedUp('a', 1), signedUp('b', 2), signedUp('c', 3)];
export const winners = [winner('b', 1, 500n), winner('a', 2, 100n)];
export const seed = '5'.repeat(64);
export const digest = 'd'.repeat(64);
export const draw = {
  kind: 'draw',
  seed,
  seedHash: terms.commitment,
  signUps: 3,
  digest,
  winners,
  at: terms.drawAt,
} as const;
export const revealed = (awards: number, signUps = 3): CampaignEvent => ({
  type: 'SeedRevealed',
  data: {
    campaignId,
    seed,
    signUps,
    digest,
    awards,
    revealedAt: terms.drawAt,
    nextDueAt: awards === 0 ? terms.expiresAt : terms.drawAt,
  },
});
export const drawn: readonly CampaignEvent[] = [
  ...open,
  ...three,
  revealed(2),
  { type: 'WinnersDrawn', data: { campaignId, winners } },
];
export const granted = (of: Winner, nextDueAt = terms.drawAt): CampaignEvent => ({
  type: 'AwardGranted',
  data: { campaignId, ...of, grantedAt: terms.drawAt, nextDueAt },
});
export const awarded = [...drawn, granted(winners[0]!), granted(winners[1]!, terms.expiresAt)];
