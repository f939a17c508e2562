import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Channel } from './tender.js';

/**
 * - `AUTHORISING`: promises under way, or an institution asked
 * - `UNKNOWN`: the institution did not answer
 * - `AUTHORISED`: the institution has the money, the capture follows
 * - `REFUSED`: what was promised is being given back
 * - `CAPTURED`: bills and receipts follow
 * - `IN_SUSPENSE`: money came in after the payment had failed
 */
export type OpenPaymentStatus =
  'AUTHORISING' | 'UNKNOWN' | 'AUTHORISED' | 'REFUSED' | 'CAPTURED' | 'IN_SUSPENSE';

/** A payment that is not terminal, or captured but without all its receipts, or failed with money in suspense. */
export interface OpenPayment {
  readonly paymentId: PaymentId;
  readonly tenant: string;
  readonly status: OpenPaymentStatus;
  readonly account: string;
  readonly channel: Channel;
  readonly total: Money;
  readonly initiatedAt: Instant;
  readonly lastStepAt: Instant;
}

/** What is left open, as far as the projection has read the log. */
export interface OpenPaymentList {
  /** Those without a step since the moment, longest idle first; the next page begins after the last of the one before. */
  idleSince(moment: Instant, limit: number, after?: OpenPayment): Promise<readonly OpenPayment[]>;
  ofTenant(tenant: string, limit: number): Promise<readonly OpenPayment[]>;
}

/** Injection token of `OpenPaymentList`. */
export const OPEN_PAYMENTS = Symbol('OPEN_PAYMENTS');
