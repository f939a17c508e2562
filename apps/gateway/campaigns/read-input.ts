import type { CreateCampaignInput } from '#libs/campaigns/contract/index.js';
import { type MoneyInput, localId, readMoney } from '#libs/graphql/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export interface CreateInput {
  readonly idempotencyKey: string;
  readonly organisationId?: string | null;
  readonly name: string;
  readonly sponsorAccountId: string;
  readonly awards: {
    readonly vouchers?: {
      readonly prizes: readonly { readonly amount: MoneyInput; readonly count: number }[];
      readonly shops: readonly string[];
      readonly categories: readonly string[];
      readonly minSpend?: MoneyInput | null;
    };
    readonly redPackets?: {
      readonly pot: MoneyInput;
      readonly packets: number;
      readonly split: 'EQUAL' | 'RANDOM';
    };
  };
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly drawAt?: Instant | null;
  readonly expiresAt: Instant;
}

export function readCampaign(input: CreateInput, organisationId: OrganisationId): CreateCampaignInput {
  const { idempotencyKey, name, sponsorAccountId, opensAt, closesAt, drawAt, expiresAt } = input;
  return {
    idempotencyKey,
    organisationId,
    name,
    sponsorAccountId,
    awards: readAwards(input.awards),
    opensAt,
    closesAt,
    ...(drawAt && { drawAt }),
    expiresAt,
  };
}

function readAwards({ vouchers, redPackets }: CreateInput['awards']): CreateCampaignInput['awards'] {
  const path = ['input', 'awards'];
  if (vouchers) {
    const { prizes, shops, categories, minSpend } = vouchers;
    return {
      kind: 'vouchers',
      prizes: prizes.map(({ amount, count }, index) => ({
        amount: readMoney(amount, [...path, 'vouchers', 'prizes', String(index), 'amount']),
        count,
      })),
      shops: shops.map((id, index) =>
        localId<'organisation'>('Organisation', id, [...path, 'vouchers', 'shops', String(index)]),
      ),
      categories: [...categories],
      ...(minSpend && { minSpend: readMoney(minSpend, [...path, 'vouchers', 'minSpend']) }),
    };
  }
  // @oneOf: exactly one of the two is given.
  const { pot, packets, split } = redPackets!;
  return {
    kind: 'redPackets',
    pot: readMoney(pot, [...path, 'redPackets', 'pot']),
    packets,
    split: split === 'EQUAL' ? 'equal' : 'random',
  };
}
