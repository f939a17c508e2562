import { InvalidInputError } from '../errors/index.js';
import { type Asset, exponentOf } from './asset.js';

/** An amount in integer minor units (fen for CNY/2). Signed: an account's balance may be negative, a price may not. */
export interface Money {
  readonly asset: Asset;
  readonly amount: bigint;
}

/** Money as stored in events and on the bus: `{"asset":"CNY/2","amount":"140950"}`. */
export interface StoredMoney {
  readonly asset: string;
  readonly amount: string;
}

export function money(asset: Asset, amount: bigint): Money {
  return { asset, amount };
}

export function zero(asset: Asset): Money {
  return { asset, amount: 0n };
}

export function add(a: Money, b: Money): Money {
  assertSameAsset(a, b);
  return { asset: a.asset, amount: a.amount + b.amount };
}

export function subtract(a: Money, b: Money): Money {
  assertSameAsset(a, b);
  return { asset: a.asset, amount: a.amount - b.amount };
}

export function sum(asset: Asset, parts: Iterable<Money>): Money {
  let total = zero(asset);
  for (const part of parts) total = add(total, part);
  return total;
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Money, b: Money): number {
  assertSameAsset(a, b);
  return a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0;
}

export function equals(a: Money, b: Money): boolean {
  return a.asset === b.asset && a.amount === b.amount;
}

export function minimum(a: Money, b: Money): Money {
  return compare(a, b) <= 0 ? a : b;
}

const patterns = new Map<number, RegExp>();

function decimalPattern(exponent: number): RegExp {
  let pattern = patterns.get(exponent);
  if (!pattern) {
    // 15 integer digits: the limit of the input contract (3-domain, Money).
    pattern = exponent === 0 ? /^\d{1,15}$/ : new RegExp(`^\\d{1,15}(\\.\\d{1,${exponent}})?$`);
    patterns.set(exponent, pattern);
  }
  return pattern;
}

/**
 * Reads a decimal as people write it, `"1409.5"` → 140950 minor units of CNY/2.
 * Full-width digits, exponents, signs, blanks and more decimals than the asset has are refused.
 *
 * @throws InvalidInputError `INVALID_AMOUNT`
 */
export function parseDecimal(text: string, asset: Asset): Money {
  const exponent = exponentOf(asset);
  if (typeof text !== 'string' || text.length > 32 || !decimalPattern(exponent).test(text)) {
    throw new InvalidInputError(
      'INVALID_AMOUNT',
      `An amount is 1 to 15 digits with at most ${exponent} decimals, such as 1409.50; no sign, blank or exponent.`,
    );
  }
  const [whole = '0', fraction = ''] = text.split('.');
  return { asset, amount: BigInt(whole + fraction.padEnd(exponent, '0')) };
}

/** Writes the amount with all decimals of its asset: 140950 minor units of CNY/2 → `"1409.50"`. */
export function formatDecimal({ asset, amount }: Money): string {
  const exponent = exponentOf(asset);
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

export function toStoredMoney({ asset, amount }: Money): StoredMoney {
  return { asset, amount: amount.toString() };
}

const STORED_AMOUNT = /^-?\d{1,30}$/;

/** @throws InvalidInputError `INVALID_ASSET`; `INVALID_AMOUNT` when the amount is not a decimal integer of at most 30 digits */
export function fromStoredMoney(stored: StoredMoney): Money {
  exponentOf(stored.asset as Asset);
  // BigInt alone would read '' as zero and take blanks and hexadecimal.
  if (!STORED_AMOUNT.test(stored.amount))
    throw new InvalidInputError('INVALID_AMOUNT', 'A stored amount is an integer of minor units.');
  return { asset: stored.asset as Asset, amount: BigInt(stored.amount) };
}

export function assertSameAsset(a: Money, b: Money): void {
  if (a.asset !== b.asset) {
    throw new InvalidInputError('ASSET_MISMATCH', `Amounts of ${a.asset} and ${b.asset} cannot be combined.`);
  }
}
