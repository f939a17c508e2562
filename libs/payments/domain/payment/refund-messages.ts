import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** Part of a refund that was paid on one bill. */
export interface RefundLine {
  readonly billId: BillId;
  readonly amount: Money;
}

export type RefundCommand =
  | {
      readonly kind: 'holdRefund';
      readonly refundId: RefundId;
      readonly lines: readonly RefundLine[];
      readonly at: Instant;
    }
  /** Always ends what the refund holds, and bars a hold of it that is still on its way. */
  | { readonly kind: 'releaseRefund'; readonly refundId: RefundId; readonly at: Instant }
  /** The money has gone back to the payer. */
  | { readonly kind: 'settleRefund'; readonly refundId: RefundId; readonly at: Instant };

/** A refund has set aside a part of the payment, so that no other can give back the same money. */
export type PaymentRefundHeld = DomainEvent<
  'PaymentRefundHeld',
  {
    readonly paymentId: PaymentId;
    readonly refundId: RefundId;
    readonly lines: readonly RefundLine[];
    readonly amount: Money;
    readonly refundableAfter: Money;
    readonly heldAt: Instant;
  }
>;

/** The refund came to nothing; zero where it had held nothing and is only barred. */
export type PaymentRefundReleased = DomainEvent<
  'PaymentRefundReleased',
  {
    readonly paymentId: PaymentId;
    readonly refundId: RefundId;
    readonly amount: Money;
    readonly refundableAfter: Money;
    readonly releasedAt: Instant;
  }
>;

export type PaymentRefunded = DomainEvent<
  'PaymentRefunded',
  {
    readonly paymentId: PaymentId;
    readonly refundId: RefundId;
    readonly lines: readonly RefundLine[];
    readonly amount: Money;
    readonly refundedAfter: Money;
    readonly settledAt: Instant;
  }
>;

export type RefundEvent = PaymentRefundHeld | PaymentRefundReleased | PaymentRefunded;

export type RefundRefusal = Rejection<
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_NOT_FOUND'
  | 'PAYMENT_NOT_CAPTURED'
  /** More than is left of the payment, or of one bill in it; details: `refundable`. */
  | 'REFUND_EXCEEDS_PAYMENT'
  /** The refund was released or settled before. */
  | 'REFUND_ENDED'
  | 'REFUND_NOT_HELD'
  /** The money lies in a contract's custody, and comes back as the contract says. */
  | 'REFUND_THROUGH_CONTRACT'
>;
