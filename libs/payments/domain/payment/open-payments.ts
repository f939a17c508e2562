import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** A payment that is not terminal, or captured but without all its receipts. */
export interface OpenPayment {
  readonly paymentId: PaymentId;
  readonly tenant: string;
  readonly status: 'AUTHORISING' | 'REFUSED' | 'CAPTURED';
  readonly account: string;
  readonly channel: 'wallet' | 'cash';
  readonly total: Money;
  readonly initiatedAt: Instant;
  readonly lastStepAt: Instant;
}

/** What is left open, as far as the projection has read the log. */
export interface OpenPaymentList {
  /** Those without a step since the moment, longest idle first. */
  idleSince(moment: Instant, limit: number): Promise<readonly OpenPayment[]>;
  ofTenant(tenant: string, limit: number): Promise<readonly OpenPayment[]>;
}

/** Injection token of `OpenPaymentList`. */
export const OPEN_PAYMENTS = Symbol('OPEN_PAYMENTS');
