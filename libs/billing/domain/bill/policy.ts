import type { Money } from '#libs/kernel/money/index.js';

/** How a bill may be paid: data fixed when it is issued, never a constant in a rule. */
export interface PaymentPolicy {
  readonly partialAllowed: boolean;
  /** Smallest amount of a payment that does not pay everything due. */
  readonly minimumPartial: Money;
  /** What is paid beyond the due amount becomes the payer's advance; absent: refused. */
  readonly advanceAllowed?: boolean;
  /** Whole days after the due date; a bill unpaid by then expires. Absent: never. */
  readonly expiresAfterDays?: number;
  readonly lateFee?: LateFeeRule;
  readonly rebate?: RebateRule;
}

/**
 * Late fee per day on the outstanding principal. The first day that counts is the one after the due date and the days of grace; the
 * last is the day of the payment. The exact sum over all days is floored to the minor unit once, so that it does not matter how
 * often it was charged in between.
 */
export interface LateFeeRule {
  /** Exact fraction per day: `5/10000`. */
  readonly rate: string;
  readonly graceDays: number;
  /** Once, beside the rate. */
  readonly flat?: Money;
  /** Bounds of the whole late fee of a bill. */
  readonly minimum?: Money;
  readonly maximum?: Money;
  /** What a payment pays first. */
  readonly order: AllocationOrder;
}

export type AllocationOrder = 'lateFeeFirst' | 'principalFirst';

/** A share of the outstanding principal, for paying everything due at least `untilDaysBeforeDue` days before the due date. */
export interface RebateRule {
  /** Exact fraction below one: `2/100`. */
  readonly share: string;
  readonly untilDaysBeforeDue: number;
}
