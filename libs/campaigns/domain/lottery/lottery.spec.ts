import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  amountsOf,
  awardsOf,
  budgetOf,
  commitmentOf,
  faultsOfDraw,
  signUpsDigest,
  winnersOf,
  type AwardAmounts,
  type LotteryHash,
  type PublishedDraw,
} from './index.js';

const hash: LotteryHash = {
  hmac: (key, text) => createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex'),
  sha256OfBytes: (hex) => createHash('sha256').update(hex, 'hex').digest('hex'),
  sha256OfText: (text) => createHash('sha256').update(text).digest('hex'),
};

const campaignId = 'campaign-1';
const seedOf = (number: number): string => createHash('sha256').update(`seed ${number}`).digest('hex');
const seed = seedOf(0);
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `sign-up-${index}`);
const prizes = (...pairs: readonly (readonly [bigint, number])[]): AwardAmounts => ({
  kind: 'prizes',
  prizes: pairs.map(([amount, count]) => ({ amount, count })),
});
const packets = (pot: bigint, count: number, split: 'equal' | 'random'): AwardAmounts => ({
  kind: 'packets',
  pot,
  packets: count,
  split,
});

const award: fc.Arbitrary<AwardAmounts> = fc.oneof(
  fc
    .array(fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((pairs) => prizes(...pairs)),
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.boolean())
    .map(([count, more, equal]) => packets(BigInt(count) + more, count, equal ? 'equal' : 'random')),
);
const draw = fc.record({ seed: fc.nat().map(seedOf), count: fc.integer({ min: 0, max: 30 }), award });

describe('the draw', () => {
  it('gives what everybody can compute by hand', () => {
    const signUpIds = idsOf(3);
    const tickets = signUpIds
      .map((id) => [
        createHmac('sha256', Buffer.from(seed, 'hex')).update(`draw\ncampaign-1\n${id}`).digest('hex'),
        id,
      ])
      .sort();
    const drawn = winnersOf({ campaignId, seed, signUpIds, award: prizes([500n, 1], [100n, 1]) }, hash);
    expect(drawn).toEqual([
      { rank: 1, signUpId: tickets[0]![1], amount: 500n },
      { rank: 2, signUpId: tickets[1]![1], amount: 100n },
    ]);
  });

  it('takes nobody twice, no more than there are awards, and pays no more than the budget', () => {
    fc.assert(
      fc.property(draw, ({ count, ...of }) => {
        const winners = winnersOf({ campaignId, signUpIds: idsOf(count), ...of }, hash);
        expect(winners.length).toBe(Math.min(count, awardsOf(of.award)));
        expect(new Set(winners.map(({ signUpId }) => signUpId)).size).toBe(winners.length);
        expect(winners.map(({ rank }) => rank)).toEqual(winners.map((_, index) => index + 1));
        const total = winners.reduce((sum, { amount }) => sum + amount, 0n);
        expect(total <= budgetOf(of.award)).toBe(true);
        if (count >= awardsOf(of.award)) expect(total).toBe(budgetOf(of.award));
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('does not depend on the order of signing up, nor do the ranks of two on a third', () => {
    fc.assert(
      fc.property(draw, fc.nat(), ({ count, ...of }, dice) => {
        const ids = idsOf(count);
        const winners = winnersOf({ campaignId, signUpIds: ids, ...of }, hash);
        const turned = [...ids.slice(dice % (count + 1)), ...ids.slice(0, dice % (count + 1))];
        expect(winnersOf({ campaignId, signUpIds: turned, ...of }, hash)).toEqual(winners);
        const everybody = { ...of, award: prizes([1n, 100]) };
        const order = (of: readonly string[]) =>
          winnersOf({ campaignId, signUpIds: of, ...everybody }, hash).map(({ signUpId }) => signUpId);
        const gone = ids[dice % Math.max(count, 1)];
        expect(order(ids.filter((id) => id !== gone))).toEqual(order(ids).filter((id) => id !== gone));
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('favours nobody: over many seeds every place is as likely for everybody', () => {
    const count = 6;
    const runs = 3_000;
    const table = Array.from({ length: count }, () => Array.from({ length: count }, () => 0));
    for (let run = 0; run < runs; run += 1) {
      const winners = winnersOf(
        { campaignId, seed: seedOf(run), signUpIds: idsOf(count), award: prizes([1n, count]) },
        hash,
      );
      for (const { rank, signUpId } of winners) table[rank - 1]![Number(signUpId.at(-1))]! += 1;
    }
    // Chi-square over 36 cells, 25 degrees of freedom: 52.6 is passed once in a thousand; the seeds are fixed.
    const expected = runs / count;
    const chi = table.flat().reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(52.6);
  });

  it('changes with one bit of the seed', () => {
    const of = { campaignId, signUpIds: idsOf(30), award: prizes([1n, 30]) };
    const other = `${seed.slice(0, -1)}${(Number.parseInt(seed.at(-1)!, 16) ^ 1).toString(16)}`;
    expect(winnersOf({ ...of, seed: other }, hash)).not.toEqual(winnersOf({ ...of, seed }, hash));
  });
});

describe('amounts', () => {
  it('sum to the budget exactly, each at least one minor unit', () => {
    fc.assert(
      fc.property(award, fc.nat(), (of, dice) => {
        const amounts = amountsOf(of, { campaignId, seed: seedOf(dice) }, hash);
        expect(amounts.length).toBe(awardsOf(of));
        expect(amounts.every((amount) => amount >= 1n)).toBe(true);
        expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(budgetOf(of));
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('of equal packets differ by one at most; of the smallest pot all are one', () => {
    expect(amountsOf(packets(10n, 4, 'equal'), { campaignId, seed }, hash)).toEqual([3n, 3n, 2n, 2n]);
    expect(amountsOf(packets(5n, 5, 'random'), { campaignId, seed }, hash)).toEqual([1n, 1n, 1n, 1n, 1n]);
    expect(amountsOf(packets(7n, 1, 'random'), { campaignId, seed }, hash)).toEqual([7n]);
  });

  it('of random packets are even in the mean, whatever the place', () => {
    const sums = [0, 0, 0, 0];
    const runs = 2_000;
    for (let run = 0; run < runs; run += 1) {
      const amounts = amountsOf(packets(1_000n, 4, 'random'), { campaignId, seed: seedOf(run) }, hash);
      for (const [place, amount] of amounts.entries()) sums[place]! += Number(amount);
    }
    for (const sum of sums) expect(Math.abs(sum / runs - 250)).toBeLessThan(15);
  });

  it('have no bias of a remainder: what lies above the last multiple of the limit is passed over', () => {
    // The first candidate is the highest number of 256 bits, which no limit but a power of two may use.
    const answers = ['f'.repeat(64), '0'.repeat(63) + '5'];
    let asked = 0;
    const staged: LotteryHash = { ...hash, hmac: () => answers[Math.min(asked++, 1)]! };
    // Rest 6, so numbers below 7: 2^256 is no multiple of 7.
    expect(amountsOf(packets(8n, 2, 'random'), { campaignId, seed }, staged)).toEqual([6n, 2n]);
    expect(asked).toBe(2);
  });
});

describe('what was published of a draw', () => {
  const published = (count: number, of: AwardAmounts): PublishedDraw => {
    const signUpIds = idsOf(count);
    const drawn = { campaignId, seed, signUpIds, award: of };
    return {
      ...drawn,
      commitment: commitmentOf(seed, hash),
      digest: signUpsDigest(signUpIds, hash),
      winners: winnersOf(drawn, hash),
    };
  };

  it('verifies when it is honest, an empty one too', () => {
    for (const count of [0, 1, 20]) {
      expect(faultsOfDraw(published(count, packets(500n, 7, 'random')), hash)).toEqual([]);
    }
  });

  it.each<[string, (draw: PublishedDraw) => PublishedDraw, readonly string[]]>([
    ['another seed', (of) => ({ ...of, seed: seedOf(9) }), ['COMMITMENT', 'WINNERS']],
    ['somebody put in later', (of) => ({ ...of, signUpIds: [...of.signUpIds, 'late'] }), ['SIGN_UPS']],
    [
      'somebody left out',
      (of) => ({ ...of, signUpIds: of.signUpIds.filter((id) => id !== of.winners[0]!.signUpId) }),
      ['SIGN_UPS', 'WINNERS'],
    ],
    ['another order', (of) => ({ ...of, signUpIds: [...of.signUpIds].reverse() }), ['SIGN_UPS']],
    [
      'two winners exchanged',
      (of) => ({ ...of, winners: [of.winners[1]!, of.winners[0]!, ...of.winners.slice(2)] }),
      ['WINNERS'],
    ],
    ['a winner too few', (of) => ({ ...of, winners: of.winners.slice(1) }), ['WINNERS']],
    [
      'another amount',
      (of) => ({
        ...of,
        winners: of.winners.map((one, index) => (index === 0 ? { ...one, amount: one.amount + 1n } : one)),
      }),
      ['WINNERS'],
    ],
    [
      'somebody in it twice',
      (of) => {
        const signUpIds = [...of.signUpIds, of.signUpIds[0]!];
        return { ...of, signUpIds, digest: signUpsDigest(signUpIds, hash) };
      },
      ['SIGNED_UP_TWICE'],
    ],
  ])('does not verify with %s', (_what, forge, faults) => {
    const forged = faultsOfDraw(forge(published(12, prizes([300n, 1], [100n, 3]))), hash);
    expect(forged).toEqual(expect.arrayContaining([...faults]));
  });
});
