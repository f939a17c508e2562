import type { RefundId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** A refund that has not come to its end; it may wait for a person or a bank. */
export interface OpenRefund {
  readonly refundId: RefundId;
  readonly tenant: string;
  readonly lastStepAt: Instant;
}

/** What is left open, as far as the projection has read the log. */
export interface OpenRefundList {
  /** Those without a step since the moment, longest idle first; the page after a refund, in the same order. */
  idleSince(moment: Instant, limit: number, after?: OpenRefund): Promise<readonly OpenRefund[]>;
}

/** Injection token of `OpenRefundList`. */
export const OPEN_REFUNDS = Symbol('OPEN_REFUNDS');
