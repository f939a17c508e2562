/** What the fold keeps of one contract's rules and units. */
import { bookFrom, type Book, priceOf, textAt } from './contract-entitlement.js';
import { type ContractTerms, termsOf } from './contract-terms.js';
import { type ExportedEvent, isRecord, type JsonRecord, textOf } from './export.js';

/** What came up once: a lesson, a milestone, a claim. Minor units. */
export interface Unit {
  amount: bigint;
  paid: bigint;
  waived: bigint;
  accrued: boolean;
  /** Its notice is over, it was confirmed, or a dispute was decided for it. */
  due: boolean;
  payableAt: string;
  /** Of its evidence, all of it put together. */
  payload: JsonRecord;
}

export interface Earnings {
  terms: ContractTerms;
  proposed: ContractTerms | undefined;
  readonly books: Map<string, Book>;
  /** By `rule unit`; units that are at their end stay, so that nothing is paid for them again. */
  readonly units: Map<string, Unit>;
  readonly payouts: Set<string>;
  /** Key of the unit that is disputed; undefined: the whole contract, or nothing. */
  disputed: string | undefined;
  /** Accrued, neither paid nor waived. */
  owed: bigint;
  held: bigint;
  status: string;
}

export function earningsOf({ data }: ExportedEvent): Earnings {
  return {
    terms: termsOf(data),
    proposed: undefined,
    books: new Map(),
    units: new Map(),
    payouts: new Set(),
    disputed: undefined,
    owed: 0n,
    held: 0n,
    status: '',
  };
}

export const unitKeyOf = (rule: string, key: string): string => `${rule}\n${key}`;

export function unitIn({ units }: Earnings, rule: string, key: string): Unit {
  const known = units.get(unitKeyOf(rule, key));
  if (known) return known;
  const unit = { amount: 0n, paid: 0n, waived: 0n, accrued: false, due: false, payableAt: '', payload: {} };
  units.set(unitKeyOf(rule, key), unit);
  return unit;
}

export function bookIn({ books }: Earnings, rule: string): Book {
  const known = books.get(rule);
  if (known) return known;
  const book = bookFrom();
  books.set(rule, book);
  return book;
}

export function noteReading(contract: Earnings, rule: string, payload: JsonRecord): void {
  const amount = contract.terms.rules.get(rule)?.amount;
  if (amount?.kind !== 'metered') return;
  const book = bookIn(contract, rule);
  const reading = textAt(payload, amount.pointer);
  if (priceOf(book.reading, reading, '1000000/1') > 0n) book.reading = reading;
}

/** `payable:<rule>:<unit>`: silence is consent. */
export function timerFired(contract: Earnings, timerId: string): void {
  const [kind, rule = '', ...key] = timerId.split(':');
  if (kind === 'payable') unitIn(contract, rule, key.join(':')).due = true;
}

/** A decision for the unit makes it due, one for the whole contract every unit. */
export function decided({ units, disputed }: Earnings): void {
  for (const [key, unit] of units) if (disputed === undefined || key === disputed) unit.due = true;
}

export function subjectOf(subject: unknown): string | undefined {
  if (!isRecord(subject)) return undefined;
  return unitKeyOf(textOf(subject['ruleId']), textOf(subject['dedupeKey']));
}

/** Rules whose amount changes start from what they have earned by now; units are reckoned anew in any case. */
export function amended(contract: Earnings): void {
  const { proposed, terms } = contract;
  if (!proposed) return;
  for (const [id, { amount }] of proposed.rules) {
    const same = amount.kind !== 'perUnit' && written(terms.rules.get(id)?.amount) === written(amount);
    if (!same) contract.books.set(id, bookFrom(contract.books.get(id)));
  }
  contract.terms = proposed;
  contract.proposed = undefined;
}

function written(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? `${member}` : member)) ?? ''
  );
}
