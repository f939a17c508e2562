import { InvalidInputError } from '../errors/index.js';
import type { Money } from './money.js';

/** A part of a split: an exact fraction `"95/100"`, or `"rest"` for whatever flooring leaves over. */
export interface Share<Party extends string = string> {
  readonly to: Party;
  readonly share: string;
}

const FRACTION = /^(\d{1,9})\/([1-9]\d{0,8})$/;

/**
 * Checks shares when they are defined: exactly one `rest` and fractions below one in sum, or fractions that sum to exactly one.
 *
 * @throws InvalidInputError `INVALID_SHARES`
 */
export function assertShares(shares: readonly Share[]): void {
  let numerator = 0n;
  let denominator = 1n;
  let rests = 0;
  for (const { share } of shares) {
    if (share === 'rest') {
      rests += 1;
      continue;
    }
    const match = FRACTION.exec(share);
    if (!match)
      throw new InvalidInputError(
        'INVALID_SHARES',
        `"${share}" is neither a fraction such as 95/100 nor "rest".`,
      );
    const [, top = '0', bottom = '1'] = match;
    numerator = numerator * BigInt(bottom) + BigInt(top) * denominator;
    denominator *= BigInt(bottom);
  }
  const complete =
    rests === 1 ? numerator < denominator : rests === 0 && numerator === denominator && shares.length > 0;
  if (!complete) {
    throw new InvalidInputError(
      'INVALID_SHARES',
      'Shares must sum to one, or to less than one beside exactly one "rest".',
    );
  }
}

/**
 * Splits an amount by exact rationals. Every part is floored; the remainder goes to the part named `rest`,
 * or to the last part when there is none, so that the parts always sum to the whole.
 *
 * @throws InvalidInputError `INVALID_SHARES`, or `INVALID_AMOUNT` for a negative whole
 */
export function split<Party extends string>(
  whole: Money,
  shares: readonly Share<Party>[],
): readonly { readonly to: Party; readonly amount: Money }[] {
  assertShares(shares);
  if (whole.amount < 0n)
    throw new InvalidInputError('INVALID_AMOUNT', 'Only an amount of zero or more can be split.');
  const parts = shares.map(({ share }) => floorOf(whole.amount, share));
  const remainder = whole.amount - parts.reduce((total, part) => total + part, 0n);
  const restAt = shares.findIndex(({ share }) => share === 'rest');
  const taker = restAt >= 0 ? restAt : shares.length - 1;
  return shares.map(({ to }, index) => ({
    to,
    amount: { asset: whole.asset, amount: (parts[index] ?? 0n) + (index === taker ? remainder : 0n) },
  }));
}

function floorOf(amount: bigint, share: string): bigint {
  if (share === 'rest') return 0n;
  const [top = '0', bottom = '1'] = share.split('/');
  return (amount * BigInt(top)) / BigInt(bottom);
}
