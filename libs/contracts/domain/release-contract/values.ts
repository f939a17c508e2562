/** What the decider reads out of the payload of evidence. */
import type { Fraction } from '#libs/kernel/money/index.js';

/** An exact decimal of zero or more: `digits` / 10^`scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Fifteen digits before the point, nine behind it: more than any meter shows. */
const DECIMAL = /^(\d{1,15})(?:\.(\d{1,9}))?$/;
const INTEGER = /^\d{1,15}$/;

export function parseReading(value: unknown): Decimal | null {
  const match = typeof value === 'string' ? DECIMAL.exec(value) : null;
  if (!match) return null;
  const fraction = match[2] ?? '';
  return { digits: BigInt(match[1]! + fraction), scale: fraction.length };
}

/** Minor units as an integer text. */
export function parseMinorUnits(value: unknown): bigint | null {
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : null;
}

export function compareDecimals(one: Decimal, other: Decimal): number {
  const difference = one.digits * tenTo(other.scale) - other.digits * tenTo(one.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** floor((to − from) · tariff); `from` null stands for zero. */
export function priceOf(from: Decimal | null, to: Decimal, tariff: Fraction): bigint {
  const start = from ?? { digits: 0n, scale: 0 };
  const scale = Math.max(start.scale, to.scale);
  const used = to.digits * tenTo(scale - to.scale) - start.digits * tenTo(scale - start.scale);
  return (used * tariff.numerator) / (tenTo(scale) * tariff.denominator);
}

function tenTo(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function at(payload: Readonly<Record<string, unknown>>, pointer: string): unknown {
  if (pointer === '') return payload;
  if (!pointer.startsWith('/')) return undefined;
  let value: unknown = payload;
  for (const part of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    const name = part.includes('~') ? part.replaceAll('~1', '/').replaceAll('~0', '~') : part;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
