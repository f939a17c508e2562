import { floorShare, parseFraction } from '#libs/kernel/money/index.js';
import { addDays, type LocalDate } from '#libs/kernel/time/index.js';
import { accrualUpTo, asItWas, type Accrual } from './late-fee.js';
import { openLateFeeOf, principalOf, type KnownBill, type LateFee } from './state.js';

/** What a bill asks for on a day; minor units. */
export interface Dues {
  /** Outstanding without late fee. */
  readonly principal: bigint;
  /** Charged or accrued by then, and not paid. */
  readonly lateFee: bigint;
  /** For paying all of it. */
  readonly rebate: bigint;
  /** principal + lateFee − rebate */
  readonly due: bigint;
  /** What would have to be charged first. */
  readonly accrual?: Accrual;
  /** Late fee as it was on that day, where days after it were charged already. */
  readonly earlier?: LateFee;
}

/**
 * A day before the last one charged is priced as it was then, where that is still known and less late fee was not paid
 * meanwhile; otherwise with what has been charged.
 */
export function duesOn(bill: KnownBill, day: LocalDate): Dues {
  const principal = principalOf(bill);
  const rebate = rebateOn(bill, day, principal);
  const accrual = accrualUpTo(bill, day);
  if (accrual) return duesOf(principal, accrual.lateFee, rebate, { accrual });
  const rule = bill.policy.lateFee;
  const { lateFee } = bill;
  if (rule && lateFee.accruedTo !== undefined && lateFee.accruedTo > day) {
    const earlier = asItWas(lateFee, rule, day);
    if (earlier && openLateFeeOf(earlier) >= 0n) return duesOf(principal, earlier, rebate, { earlier });
  }
  return duesOf(principal, lateFee, rebate, {});
}

function duesOf(
  principal: bigint,
  state: LateFee,
  rebate: bigint,
  more: Pick<Dues, 'accrual' | 'earlier'>,
): Dues {
  const lateFee = openLateFeeOf(state);
  return { principal, lateFee, rebate, due: principal + lateFee - rebate, ...more };
}

/** The bill's last day to be paid; undefined for a bill that never expires. */
export function lastDayOf({ policy, dueDate }: Pick<KnownBill, 'policy' | 'dueDate'>): LocalDate | undefined {
  return policy.expiresAfterDays === undefined ? undefined : addDays(dueDate, policy.expiresAfterDays);
}

function rebateOn({ policy, dueDate }: KnownBill, day: LocalDate, principal: bigint): bigint {
  const rule = policy.rebate;
  if (!rule || principal <= 0n || day > addDays(dueDate, -rule.untilDaysBeforeDue)) return 0n;
  return floorShare(principal, parseFraction(rule.share));
}
