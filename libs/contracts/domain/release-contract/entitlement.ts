/**
 * What a rule has earned its payees in all: E, cumulative, so that floors never drift. Pure functions of the terms, of what the
 * present terms took over from earlier ones (`base`), and of a count, a reading or a moment. Minor units.
 */
import { addDuration, WEEKDAYS } from '../calendar/index.js';
import { addMs, epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Fraction } from '#libs/kernel/money/index.js';
import type { Duration } from '../calendar/types.js';
import type { Amount } from '../terms/types.js';
import type { Base } from './state.js';
import { priceOf, type Decimal } from './values.js';

export const NO_BASE: Base = { entitled: 0n, accruals: 0, reading: null, at: null };

type PerUnit = Extract<Amount, { kind: 'perUnit' }>;
type Linear = Extract<Amount, { kind: 'linear' }>;

/** E(n) = E0 + floor((total − E0)·(n − n0) / (units − n0)), for n0 ≤ n ≤ units. */
export function perUnitEntitlement({ total, units }: PerUnit, base: Base, n: number): bigint {
  const before = BigInt(base.accruals);
  if (BigInt(n) <= before) return base.entitled;
  return base.entitled + ((total - base.entitled) * (BigInt(n) - before)) / (units - before);
}

/** Sum of the first n tranches; after an amendment E0 and the new tranches from the n0th on. */
export function trancheEntitlement(amounts: readonly bigint[], base: Base, n: number): bigint {
  return amounts.slice(base.accruals, n).reduce((sum, amount) => sum + amount, base.entitled);
}

/** E(r) = E0 + floor((r − r0)·tariff) */
export function meteredEntitlement(tariff: Fraction, base: Base, reading: Decimal): bigint {
  return base.entitled + priceOf(base.reading, reading, tariff);
}

/**
 * E(t) = E0 + floor((total − E0)·(t − t0) / (end − t0)), E0 before the cliff and before t0, total from the end on; t0 is the start,
 * or the amendment if that came later. `moment` is in the rule's own time: shifts by disputes taken off.
 */
export function linearEntitlement(amount: Linear, base: Base, moment: Instant): bigint {
  const { total, start, end, cliff } = amount;
  if (moment >= end) return total;
  const from = base.at !== null && base.at > start ? base.at : start;
  if (moment <= from || (cliff !== null && moment < cliff)) return base.entitled;
  const t0 = epochMsOf(from);
  const passed = BigInt(epochMsOf(moment) - t0);
  return base.entitled + ((total - base.entitled) * passed) / BigInt(epochMsOf(end) - t0);
}

/** End of the nth step, from 1; the last one ends with the amount. In the rule's own time. */
export function stepEnd({ start, end, step }: Linear, n: number): Instant | null {
  // Steps are counted in calendar months and days of China's zone: no event would have to carry a calendar for them.
  const ends = addDuration(start, times(step!, n), WEEKDAYS);
  if (ends < end) return ends;
  return n === 1 || addDuration(start, times(step!, n - 1), WEEKDAYS) < end ? end : null;
}

/** The first step that ends after the moment, with its end in the contract's time. */
export function stepAfter(
  amount: Linear,
  moment: Instant | null,
  from: { readonly n: number; readonly shiftMs: number },
): { readonly n: number; readonly dueAt: Instant } | null {
  if (amount.step === null) return null;
  for (let n = from.n; ; n += 1) {
    const ends = stepEnd(amount, n);
    if (ends === null) return null;
    if (moment === null || ends > moment) return { n, dueAt: addMs(ends, from.shiftMs) };
  }
}

function times(duration: Duration, n: number): Duration {
  return duration.kind === 'workingDays'
    ? { kind: 'workingDays', days: duration.days * n }
    : { kind: 'elapsed', months: duration.months * n, days: duration.days * n, ms: duration.ms * n };
}
