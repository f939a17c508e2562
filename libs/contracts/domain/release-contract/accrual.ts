import { get, valuesOf } from '#libs/kernel/collections/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { addDuration } from '../calendar/index.js';
import type { Rule } from '../terms/types.js';
import { beginClosing } from './ending.js';
import {
  linearEntitlement,
  meteredEntitlement,
  perUnitEntitlement,
  stepEnd,
  trancheEntitlement,
} from './entitlement.js';
import { holds } from './conditions.js';
import { factsOf, gateIsOpen } from './facts.js';
import { atLeast, heldBy, owedBy } from './figures.js';
import { freshUnit } from './evolve-units.js';
import { settle } from './payouts.js';
import { emit, type Scratch } from './scratch.js';
import type { Contract, RuleBook, Unit } from './state.js';
import { unitKey } from './units.js';

/** What the rule is entitled to in all once one more unit of it accrues; null: it has no more units. */
export function nextEntitlement(state: Contract, index: number, unit: Unit, claim = 0n): bigint | null {
  const book = state.rules[index]!;
  const { amount, cap } = state.terms.rules[index]!;
  const next = uncapped(amount, state, { book, unit, claim });
  if (next === null) return null;
  const capped = cap !== null && next > cap ? cap : next;
  return atLeast(book.entitled, capped);
}

function uncapped(
  amount: Rule['amount'],
  state: Contract,
  { book, unit, claim }: { readonly book: RuleBook; readonly unit: Unit; readonly claim: bigint },
): bigint | null {
  const n = book.accruals + 1;
  switch (amount.kind) {
    case 'fixed':
      return n > 1 ? null : amount.amount;
    case 'perUnit':
      return BigInt(n) > amount.units ? null : perUnitEntitlement(amount, book.base, n);
    case 'tranches':
      return n > amount.amounts.length ? null : trancheEntitlement(amount.amounts, book.base, n);
    case 'metered':
      return unit.reading ? meteredEntitlement(amount.tariff, book.base, unit.reading) : book.entitled;
    case 'evidence':
      return book.entitled + (unit.value ?? 0n);
    case 'claim':
      return book.entitled + claim;
    case 'remaining':
      return book.entitled + atLeast(0n, heldBy(state) - owedBy(state));
    case 'linear':
      return null;
  }
}

/** When what is earned now becomes payable. */
export function payableAfter(scratch: Scratch, rule: Rule): Instant {
  return rule.cooling ? addDuration(scratch.at, rule.cooling, scratch.calendar) : scratch.at;
}

/**
 * Accrues the unit if its whole condition has come true; evidence that accrues at once does so by itself.
 * `false`: the rule has no unit left to give.
 */
export function accrueIfEarned(
  scratch: Scratch,
  index: number,
  dedupeKey: string,
  paid: 'now' | 'later' = 'now',
): boolean {
  const { state } = scratch;
  const rule = state.terms.rules[index]!;
  const ref = { ruleId: rule.id, dedupeKey };
  const known = get(state.open, unitKey(rule.id, dedupeKey));
  if (known && known.status !== 'waiting') return true;
  const unit = known ?? freshUnit(state, ref);
  if (!holds(rule.when, factsOf(state, index, unit))) return true;
  // What grows with time is drawn, or paid at the ends of its steps.
  if (rule.amount.kind === 'linear') return true;
  prepareFor(scratch, rule);
  if (scratch.state.status !== 'active') return true;
  const before = scratch.state.rules[index]!.entitled;
  const after = nextEntitlement(scratch.state, index, unit);
  if (after === null) return false;
  emit(scratch, 'EntitlementAccrued', { ...ref, before, after, payableAt: payableAfter(scratch, rule) });
  if (paid === 'now' || rule.final) afterAccrual(scratch, rule);
  return true;
}

/** What remains is known once everything that grows with time has been brought up to date. */
export function prepareFor(scratch: Scratch, rule: Rule): void {
  if (rule.amount.kind === 'remaining') bringUpToDate(scratch);
}

/** Pays what may be paid now; the final rule's payout closes the contract. */
export function afterAccrual(scratch: Scratch, rule: Rule): void {
  settle(scratch);
  if (rule.final && rule.cooling === null) beginClosing(scratch, 'final', rule.id);
}

/**
 * Time or a secret has changed what holds for the whole rule: every unit of it that waits is looked at, and what they have earned
 * is paid together.
 */
export function accrueWhatWaits(scratch: Scratch, index: number): void {
  const { id } = scratch.state.terms.rules[index]!;
  if (scratch.state.plans[index]!.claimed.length > 0) return;
  const waiting = [...valuesOf(scratch.state.open)]
    .filter((unit) => unit.ruleId === id && unit.status === 'waiting')
    .toSorted((one, other) => one.order - other.order);
  for (const { dedupeKey } of waiting) {
    if (scratch.state.status === 'active') accrueIfEarned(scratch, index, dedupeKey, 'later');
  }
  settle(scratch);
  const { bareAccrued } = scratch.state.rules[index]!;
  if (scratch.state.status !== 'active' || bareAccrued || !scratch.state.plans[index]!.bare) return;
  if (!waiting.some(({ dedupeKey }) => dedupeKey === '')) accrueIfEarned(scratch, index, '');
}

/** All rules that grow with time, as of now. */
export function bringUpToDate(scratch: Scratch): void {
  for (const [index, rule] of scratch.state.terms.rules.entries()) {
    if (scratch.state.status !== 'active') return;
    if (rule.amount.kind === 'linear' && gateIsOpen(scratch.state, index)) accrueLinear(scratch, index);
  }
}

/**
 * Accrues what a linear rule has earned by now, under the number of its accrual; `moment`: by then, in the rule's own time.
 * `false`: nothing new.
 */
export function accrueLinear(scratch: Scratch, index: number, moment?: Instant): boolean {
  const { state } = scratch;
  const rule = state.terms.rules[index]!;
  const { entitled: before, accruals } = state.rules[index]!;
  const earned = linearEarned(state, index, { now: scratch.at, moment });
  const after = rule.cap !== null && earned > rule.cap ? rule.cap : earned;
  if (after <= before) return false;
  const dedupeKey = String(accruals + 1);
  const payableAt = payableAfter(scratch, rule);
  emit(scratch, 'EntitlementAccrued', { ruleId: rule.id, dedupeKey, before, after, payableAt });
  afterAccrual(scratch, rule);
  return true;
}

/** With steps, what has been earned by the end of the last one that is over. */
function linearEarned(
  state: Contract,
  index: number,
  { now, moment }: { readonly now: Instant; readonly moment?: Instant | undefined },
): bigint {
  const { amount } = state.terms.rules[index]!;
  const { base, shiftMs, step, entitled } = state.rules[index]!;
  if (amount.kind !== 'linear') return entitled;
  if (moment !== undefined) return linearEntitlement(amount, base, moment);
  const own = addMs(now, -shiftMs);
  if (amount.step === null) return linearEntitlement(amount, base, own);
  let over: Instant | null = null;
  for (let n = step?.n ?? Infinity; n < Infinity; n += 1) {
    const ends = stepEnd(amount, n);
    if (ends === null || ends > own) break;
    over = ends;
  }
  return over === null ? entitled : linearEntitlement(amount, base, over);
}
