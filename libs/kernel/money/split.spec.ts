import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CNY, assertShares, money, split, type Share } from './index.js';

const whole = fc.bigInt({ min: 0n, max: 10n ** 17n });
/** Weights that sum to something: shares `w/total`, all of them or all but one replaced by `rest`. */
const weights = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 12 })
  .filter((parts) => parts.some((part) => part > 0));

function sharesOf(parts: readonly number[], restAt?: number): Share[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, index) => ({
    to: `p${index}`,
    share: index === restAt ? 'rest' : `${part}/${total}`,
  }));
}

function refusalCode(shares: readonly Share[]): unknown {
  try {
    assertShares(shares);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('split', () => {
  it('floors every part, gives the remainder to `rest` or the last, and so sums to the whole', () => {
    fc.assert(
      fc.property(whole, weights, fc.option(fc.nat(11)), (amount, parts, rest) => {
        // `rest` must stand for something above zero, else the fractions alone already sum to one.
        const restAt = rest !== null && (parts[rest] ?? 0) > 0 ? rest : undefined;
        const takerAt = restAt ?? parts.length - 1;
        const total = BigInt(parts.reduce((sum, part) => sum + part, 0));
        const result = split(money(CNY, amount), sharesOf(parts, restAt));

        expect(result.map(({ to }) => to)).toEqual(parts.map((_, index) => `p${index}`));
        expect(result.reduce((sum, { amount: part }) => sum + part.amount, 0n)).toBe(amount);
        result.forEach(({ amount: part }, index) => {
          // Compared as part × total, so that the spec needs no division.
          const exact = amount * BigInt(parts[index] ?? 0);
          const difference = part.amount * total - exact;
          expect(part.asset).toBe(CNY);
          if (index === takerAt) {
            // Each other part leaves less than one minor unit on the table.
            expect(
              difference >= 0n && (parts.length === 1 || difference < total * BigInt(parts.length - 1)),
            ).toBe(true);
          } else {
            expect(difference <= 0n && difference > -total).toBe(true);
          }
        });
      }),
    );
  });

  it.each([
    [100n, ['1/3', '1/3', '1/3'], [33n, 33n, 34n]],
    [100n, ['1/3', 'rest', '1/3'], [33n, 34n, 33n]],
    [1n, ['1/2', '1/2'], [0n, 1n]],
    [140_950n, ['95/100', '5/100'], [133_902n, 7_048n]],
    [140_950n, ['95/100', 'rest'], [133_902n, 7_048n]],
    [7n, ['rest'], [7n]],
    [0n, ['1/2', 'rest'], [0n, 0n]],
  ] as const)('splits %s by %j', (amount, shares, parts) => {
    const result = split(
      money(CNY, amount),
      shares.map((share, index) => ({ to: `p${index}`, share })),
    );
    expect(result.map(({ amount: part }) => part.amount)).toEqual(parts);
  });

  it('refuses a negative whole', () => {
    expect(() => split(money(CNY, -1n), [{ to: 'a', share: 'rest' }])).toThrow(
      expect.objectContaining({ code: 'INVALID_AMOUNT' }),
    );
  });
});

describe('assertShares', () => {
  it.each([
    [[]],
    [['1/2']],
    [['1/2', '1/3']],
    [['1/2', '2/3']],
    [['1/1', 'rest']],
    [['3/2', 'rest']],
    [['rest', 'rest']],
    [['1/2', '1/2', 'rest']],
    [['0.5', '0.5']],
    [['50%', 'rest']],
    [['1/0', 'rest']],
    [['-1/2', 'rest']],
    [[' 1/2', '1/2']],
    [['１/2', '1/2']],
    [['', 'rest']],
    [['REST']],
    // One part in 10^9 short of one: a float would call it one.
    [['1/3', '1/3', '333333333/999999999', '1/999999999']],
  ] as const)('refuses %j', (shares) => {
    expect(refusalCode(shares.map((share, index) => ({ to: `p${index}`, share })))).toBe('INVALID_SHARES');
  });

  it('accepts exactly the fractions that sum to one', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 3 }), (parts, surplus) => {
        expect(refusalCode(sharesOf(parts))).toBeUndefined();
        const total = parts.reduce((sum, part) => sum + part, 0);
        expect(refusalCode([...sharesOf(parts), { to: 'surplus', share: `${surplus}/${total}` }])).toBe(
          'INVALID_SHARES',
        );
      }),
    );
  });
});
