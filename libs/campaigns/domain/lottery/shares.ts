import type { LotteryHash } from './hash.js';

/** How the amounts of the awards come about. Minor units. */
export type AwardAmounts =
  /** So many awards of each amount; the best rank gets the first prize. */
  | {
      readonly kind: 'prizes';
      readonly prizes: readonly { readonly amount: bigint; readonly count: number }[];
    }
  /** A pot in so many packets. */
  | {
      readonly kind: 'packets';
      readonly pot: bigint;
      readonly packets: number;
      readonly split: 'equal' | 'random';
    };

/** Least that a packet holds, minor units. */
const LEAST = 1n;
const HASH_VALUES = 1n << 256n;

/** The amount of every award, in order of rank. Their sum is exactly the budget. */
export function amountsOf(
  award: AwardAmounts,
  { campaignId, seed }: { readonly campaignId: string; readonly seed: string },
  hash: LotteryHash,
): readonly bigint[] {
  if (award.kind === 'prizes') {
    return award.prizes.flatMap(({ amount, count }) => Array.from({ length: count }, () => amount));
  }
  const { pot, packets, split } = award;
  if (split === 'equal') return equalPackets(pot, packets);
  return randomPackets(pot, packets, numbersFrom(seed, campaignId, hash));
}

export function budgetOf(award: AwardAmounts): bigint {
  if (award.kind === 'packets') return award.pot;
  return award.prizes.reduce((sum, { amount, count }) => sum + amount * BigInt(count), 0n);
}

export function awardsOf(award: AwardAmounts): number {
  if (award.kind === 'packets') return award.packets;
  return award.prizes.reduce((sum, { count }) => sum + count, 0);
}

/** What does not divide goes to the first packets, one minor unit each. */
function equalPackets(pot: bigint, packets: number): readonly bigint[] {
  const each = pot / BigInt(packets);
  const more = pot % BigInt(packets);
  return Array.from({ length: packets }, (_, index) => each + (BigInt(index) < more ? 1n : 0n));
}

/**
 * Every packet gets the least, the rest of the pot is cut at `packets − 1` places, each drawn evenly from 0 to the rest
 * inclusive; the packets are the pieces in order.
 */
function randomPackets(pot: bigint, packets: number, below: (limit: bigint) => bigint): readonly bigint[] {
  const rest = pot - LEAST * BigInt(packets);
  const cuts = Array.from({ length: packets - 1 }, () => below(rest + 1n));
  cuts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...cuts, rest].map((cut, index) => LEAST + cut - (index === 0 ? 0n : cuts[index - 1]!));
}

/**
 * Even numbers below a limit, without modulo bias: the nth candidate is HMAC-SHA-256(seed, `split`⏎campaign⏎n) as a 256-bit
 * number, n from 0; one at or above the greatest multiple of the limit is passed over.
 */
function numbersFrom(seed: string, campaignId: string, hash: LotteryHash): (limit: bigint) => bigint {
  let next = 0;
  return (limit) => {
    const bound = HASH_VALUES - (HASH_VALUES % limit);
    for (;;) {
      const candidate = BigInt(`0x${hash.hmac(seed, `split\n${campaignId}\n${next}`)}`);
      next += 1;
      if (candidate < bound) return candidate % limit;
    }
  };
}
