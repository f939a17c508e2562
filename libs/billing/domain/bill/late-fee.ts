import { parseFraction } from '#libs/kernel/money/index.js';
import { addDays, daysBetween, type LocalDate } from '#libs/kernel/time/index.js';
import type { LateFeeRule } from './messages.js';
import { principalOf, PERIODS_KEPT, type KnownBill, type LateFee, type LateFeePeriod } from './state.js';

/** What the days from `from` to `to` add. */
export interface Accrual {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly principal: bigint;
  readonly lateFee: LateFee;
}

/** What accrued since it was charged last, up to and including the day; nothing when those days change nothing. */
export function accrualUpTo(bill: KnownBill, day: LocalDate): Accrual | undefined {
  const rule = bill.policy.lateFee;
  const principal = principalOf(bill);
  if (!rule || principal <= 0n) return undefined;
  const { lateFee } = bill;
  const first = addDays(bill.dueDate, rule.graceDays + 1);
  const next = lateFee.accruedTo === undefined ? first : addDays(lateFee.accruedTo, 1);
  const from = next > first ? next : first;
  if (day < from) return undefined;
  const after = extended(lateFee, rule, { from, to: day, principal });
  if (after.charged === lateFee.charged && (after.accrued === lateFee.accrued || isCapped(rule, lateFee))) {
    return undefined;
  }
  return { from, to: day, principal, lateFee: after };
}

/** The late fee as it is once the days were charged on this principal. */
export function extended(
  lateFee: LateFee,
  rule: LateFeeRule,
  { from, to, principal }: Pick<LateFeePeriod, 'from' | 'to' | 'principal'>,
): LateFee {
  const { numerator } = parseFraction(rule.rate);
  const days = BigInt(daysBetween(from, to) + 1);
  const accrued = lateFee.accrued + principal * days * numerator;
  const whole = wholeFee(rule, accrued);
  const period = {
    from,
    to,
    principal,
    chargedBefore: lateFee.charged,
    accruedBefore: lateFee.accrued,
  };
  return {
    ...lateFee,
    charged: whole > lateFee.charged ? whole : lateFee.charged,
    accrued,
    accruedTo: to,
    periods: [...lateFee.periods.slice(1 - PERIODS_KEPT), period],
  };
}

/** The late fee as it was at the end of an earlier day; undefined when that is too long ago to know. */
export function asItWas(lateFee: LateFee, rule: LateFeeRule, day: LocalDate): LateFee | undefined {
  if (lateFee.accruedTo === undefined || lateFee.accruedTo <= day) return lateFee;
  const { periods } = lateFee;
  const index = periods.findIndex(({ to }) => to > day);
  const period = periods[index]!;
  const hasForgotten = index === 0 && (period.chargedBefore > 0n || period.accruedBefore > 0n);
  if (hasForgotten && period.from > day) return undefined;
  const before: LateFee = {
    ...lateFee,
    charged: period.chargedBefore,
    accrued: period.accruedBefore,
    accruedTo: periods[index - 1]?.to,
    periods: periods.slice(0, index),
  };
  if (period.from > day) return before;
  return extended(before, rule, { from: period.from, to: day, principal: period.principal });
}

function wholeFee({ rate, flat, minimum, maximum }: LateFeeRule, accrued: bigint): bigint {
  let fee = (flat?.amount ?? 0n) + accrued / parseFraction(rate).denominator;
  if (minimum && fee < minimum.amount) fee = minimum.amount;
  if (maximum && fee > maximum.amount) fee = maximum.amount;
  return fee;
}

function isCapped({ maximum }: LateFeeRule, lateFee: LateFee): boolean {
  return maximum !== undefined && lateFee.charged >= maximum.amount;
}
