import { InvalidInputError } from '../errors/index.js';

/** An exact rational; a percentage never becomes a float. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const FRACTION = /^(\d{1,9})\/([1-9]\d{0,8})$/;

/**
 * Reads `"5/10000"`.
 *
 * @throws InvalidInputError `INVALID_FRACTION`
 */
export function parseFraction(text: string): Fraction {
  const match = FRACTION.exec(text);
  if (!match) throw new InvalidInputError('INVALID_FRACTION', `"${text}" is no fraction such as 5/10000.`);
  return { numerator: BigInt(match[1]!), denominator: BigInt(match[2]!) };
}

/** The share of an amount of zero or more, floored to the minor unit. */
export function floorShare(amount: bigint, { numerator, denominator }: Fraction): bigint {
  return (amount * numerator) / denominator;
}
