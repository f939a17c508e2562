/** What a rule owes in all after one more unit of it, recomputed from the terms; minor units. */
import type { AmountTerms, RuleTerms } from './contract-terms.js';
import { type JsonRecord } from './export.js';

/** A rule's account: what it has earned and paid, and what it had when its terms were last amended. */
export interface Book {
  entitled: bigint;
  paid: bigint;
  waived: bigint;
  /** Units that have accrued. */
  accrued: number;
  /** Highest reading of a meter, decimal text. */
  reading: string;
  readonly base: { readonly entitled: bigint; readonly accrued: number; readonly reading: string };
}

export function bookFrom(before?: Book): Book {
  const { entitled = 0n, paid = 0n, waived = 0n, accrued = 0, reading = '0' } = before ?? {};
  return { entitled, paid, waived, accrued, reading, base: { entitled, accrued, reading } };
}

export interface Accrual {
  /** Payload of the evidence; empty without one. */
  readonly payload: JsonRecord;
  readonly at: string;
  /** What it says itself that the rule is entitled to after it. */
  readonly after: bigint;
  /** Neither paid out nor owed to anybody. */
  readonly free: bigint;
}

/** The least and the most that `after` may be. */
export function entitlementAfter(
  { amount, cap }: RuleTerms,
  book: Book,
  accrual: Accrual,
): readonly [bigint, bigint] {
  const [least, most] = uncapped(amount, book, accrual);
  const bounded = (minor: bigint): bigint => {
    const capped = cap !== undefined && minor > cap ? cap : minor;
    return capped > book.entitled ? capped : book.entitled;
  };
  return [bounded(least), bounded(most)];
}

function uncapped(amount: AmountTerms, book: Book, accrual: Accrual): readonly [bigint, bigint] {
  const exactly = (minor: bigint): readonly [bigint, bigint] => [minor, minor];
  const { base, entitled } = book;
  const n = book.accrued + 1;
  switch (amount.kind) {
    case 'fixed':
      return exactly(n === 1 ? amount.amount : entitled);
    case 'perUnit': {
      const [more, units] = [BigInt(n - base.accrued), amount.units - BigInt(base.accrued)];
      // A unit beyond the last earns nothing.
      return exactly(
        more > units ? entitled : base.entitled + ((amount.total - base.entitled) * more) / units,
      );
    }
    case 'tranches':
      return exactly(amount.amounts.slice(base.accrued, n).reduce((sum, one) => sum + one, base.entitled));
    case 'metered': {
      const reading = textAt(accrual.payload, amount.pointer);
      return exactly(base.entitled + priceOf(base.reading, reading, amount.tariff));
    }
    case 'evidence':
      return exactly(entitled + BigInt(textAt(accrual.payload, amount.pointer)));
    case 'claim':
      // What is claimed is free: nobody else is owed it.
      return [entitled + 1n, entitled + accrual.free];
    case 'remaining':
      return exactly(entitled + accrual.free);
    case 'linear':
      // Steps and disputes only ever hold it back.
      return [entitled + 1n, linearAt(amount, base.accrued > 0, accrual.at)];
  }
}

function linearAt(
  { total, start, end }: Extract<AmountTerms, { kind: 'linear' }>,
  amended: boolean,
  at: string,
): bigint {
  const [from, now, until] = [start, at, end].map((time) => BigInt(Date.parse(time))) as [
    bigint,
    bigint,
    bigint,
  ];
  if (amended || now >= until) return total;
  return now <= from ? 0n : (total * (now - from)) / (until - from);
}

/** floor((to − from) · tariff), of decimal texts and a tariff `53/100`. */
export function priceOf(from: string, to: string, tariff: string): bigint {
  const [numerator = '0', denominator = '1'] = tariff.split('/');
  const places = Math.max(placesOf(from), placesOf(to));
  const used = scaled(to, places) - scaled(from, places);
  return (used * BigInt(numerator)) / (BigInt(denominator) * 10n ** BigInt(places));
}

function placesOf(decimal: string): number {
  return decimal.split('.')[1]?.length ?? 0;
}

function scaled(decimal: string, places: number): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}

/** At a JSON pointer (RFC 6901). */
export function textAt(payload: JsonRecord, pointer: string): string {
  let value: unknown = payload;
  for (const name of pointer.split('/').slice(1)) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? (value as JsonRecord)[key] : undefined;
  }
  return typeof value === 'string' ? value : '0';
}
