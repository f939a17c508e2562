import { get, sizeOf, valuesOf } from '#libs/kernel/collections/index.js';
import type { Party, Totals } from './messages.js';
import type { Contract, RuleBook, Unit } from './state.js';
import { unitKey } from './units.js';

/** All figures in minor units of the contract's asset. */
export function totalsOf(state: Contract): Totals {
  const { funded, released, refunded } = state;
  return { funded, released, refunded, held: heldBy(state), frozen: frozenIn(state) };
}

export function heldBy({ funded, released, refunded }: Contract): bigint {
  return funded - released - refunded;
}

/** Earned, neither paid nor waived; in notice or in dispute counts too. */
export function owedBy({ rules }: Contract): bigint {
  let owed = 0n;
  for (const book of rules) owed += book.entitled - book.paid - book.waived;
  return owed;
}

export function owedOn(book: RuleBook): bigint {
  return book.entitled - book.paid - book.waived;
}

export function owedOf(unit: Unit): bigint {
  return unit.status === 'waiting' ? 0n : unit.amount - unit.paid;
}

/** What a dispute keeps from moving. */
export function frozenIn(state: Contract): bigint {
  const { dispute } = state;
  if (dispute === null) return 0n;
  const held = heldBy(state);
  if (dispute.scope === 'held' || dispute.subject === null) return held;
  const { ruleId, dedupeKey } = dispute.subject;
  const unit = dispute.scope === 'unit' ? get(state.open, unitKey(ruleId, dedupeKey)) : undefined;
  const owed = unit ? owedOf(unit) : owedOn(bookOf(state, ruleId));
  return owed < held ? owed : held;
}

/** What may be paid out now. */
export function availableIn(state: Contract): bigint {
  return heldBy(state) - frozenIn(state);
}

/** Promised to payments under way. */
export function reservedIn({ reserved }: Contract): bigint {
  return reserved.reduce((sum, { amount }) => sum + amount, 0n);
}

/**
 * What goes back to where it came from is planned in one event, some 200 bytes for each deposit; one append holds 1 MiB. Money from
 * other contracts is taken beyond it.
 */
const MOST_DEPOSITS = 2_000;

/**
 * What may be paid in now, reservations taken off; a `max` of zero: no room (for now). Null: funding is closed.
 * A contract that is funded once takes one payment at a time; after an amendment it takes the difference.
 */
export function fundable(state: Contract): { readonly min: bigint; readonly max: bigint } | null {
  const { status, terms, fundingOpen, reserved } = state;
  if (status !== 'awaitingFunding' && status !== 'active') return null;
  const { min, max, mode } = terms.funding;
  if (mode === 'topup') {
    const full = sizeOf(state.deposits) + reserved.length >= MOST_DEPOSITS;
    return { min: 1n, max: full ? 0n : atLeast(0n, max - heldBy(state) - reservedIn(state)) };
  }
  if (!fundingOpen) return null;
  const paidIn = state.funded - state.givenBack;
  return { min: atLeast(1n, min - paidIn), max: reserved.length > 0 ? 0n : atLeast(0n, max - paidIn) };
}

export function atLeast(least: bigint, amount: bigint): bigint {
  return amount > least ? amount : least;
}

export function ruleIndexOf({ terms }: Contract, ruleId: string): number {
  const { rules } = terms;
  for (let index = 0; index < rules.length; index += 1) if (rules[index]!.id === ruleId) return index;
  return -1;
}

export function bookOf(state: Contract, ruleId: string): RuleBook {
  return state.rules[ruleIndexOf(state, ruleId)]!;
}

export function partyIn({ parties }: Contract, role: string): Party | undefined {
  return parties.find((party) => party.role === role);
}

/** Roles that must still sign: the signing roles that somebody fills. */
export function unsignedIn(state: Contract): readonly string[] {
  return state.terms.signers.filter((role) => partyIn(state, role) && !state.signed.includes(role));
}

/** Roles that must still sign the open amendment: those of the present and of the new terms. */
export function unsignedAmendmentIn(state: Contract): readonly string[] {
  const { amendment } = state;
  if (amendment === null) return [];
  const signers = new Set([...state.terms.signers, ...amendment.terms.signers]);
  return [...signers].filter((role) => partyIn(state, role) && !amendment.signed.includes(role));
}

/** Whether the rule, by a dispute about one of its units, stands still. */
export function ruleStandsStill({ dispute }: Contract, ruleId: string): boolean {
  return dispute?.scope === 'rule' && dispute.subject?.ruleId === ruleId;
}

export function unitStandsStill(state: Contract, unit: Unit): boolean {
  const { dispute } = state;
  if (dispute === null) return false;
  if (dispute.scope === 'held') return true;
  if (dispute.subject?.ruleId !== unit.ruleId) return false;
  return dispute.scope === 'rule' || dispute.subject.dedupeKey === unit.dedupeKey;
}

/** Accrued units with anything left to pay, in the order in which they are payable. */
export function owedUnits(state: Contract): readonly Unit[] {
  const units = [...valuesOf(state.open)].filter((unit) => unit.status !== 'waiting');
  return units.toSorted(byPayableAt);
}

function byPayableAt(one: Unit, other: Unit): number {
  if (one.payableAt !== other.payableAt) return one.payableAt! < other.payableAt! ? -1 : 1;
  return one.order - other.order;
}

/** Whether a dispute about the whole has ended in the funder's favour: nobody is paid any more. */
export function givesAllBack({ verdict, dispute }: Contract): boolean {
  return verdict === 'refund' && dispute === null;
}

/**
 * So many units are waived in one step. The 1 MiB that one append holds has room for more, with the longest keys; a contract with more
 * units than two steps goes on with the clock's ticks.
 */
const WAIVED_AT_ONCE = 100;

/** Units that are waived now: all, if two steps' worth; otherwise the first ones, and more than a step's worth stays. */
export function nextToWaive(state: Contract): readonly Unit[] {
  const units = owedUnits(state).filter((unit) => owedOf(unit) > 0n);
  return units.length <= 2 * WAIVED_AT_ONCE ? units : units.slice(0, WAIVED_AT_ONCE);
}

/** Whether the last decision left units to the clock that will never be paid. */
export function hasMoreToWaive(state: Contract): boolean {
  if (state.status !== 'closing' || state.dispute !== null || sizeOf(state.open) <= WAIVED_AT_ONCE)
    return false;
  const isShort = heldBy(state) === 0n && state.reserved.length === 0;
  return owedBy(state) > 0n && (isShort || givesAllBack(state));
}

/** Per rule, also of rules that amendments took out: for checks and reports. */
export function booksOf({ rules, retired }: Contract): readonly RuleBook[] {
  return [...rules, ...retired];
}
