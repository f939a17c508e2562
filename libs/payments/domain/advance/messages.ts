import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { AdvanceId, BillId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export type AdvanceCommand =
  | {
      readonly kind: 'credit';
      readonly advanceId: AdvanceId;
      readonly tenant: TenantId;
      readonly organisationId: OrganisationId;
      readonly payerNumber: string;
      /** The capture that left the money, and the bill that was overpaid. */
      readonly paymentId: PaymentId;
      readonly billId: BillId;
      readonly amount: Money;
      readonly at: Instant;
    }
  | {
      readonly kind: 'hold';
      readonly tenant: TenantId;
      readonly paymentId: PaymentId;
      readonly amount: Money;
    }
  | { readonly kind: 'release'; readonly paymentId: PaymentId }
  | { readonly kind: 'spend'; readonly paymentId: PaymentId };

/** No posting: the capture itself moved the money to `advance:<id>`. */
export type AdvanceCredited = DomainEvent<
  'AdvanceCredited',
  {
    readonly advanceId: AdvanceId;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly payerNumber: string;
    readonly paymentId: PaymentId;
    readonly billId: BillId;
    readonly amount: Money;
    readonly availableAfter: Money;
    readonly heldAfter: Money;
    readonly creditedAt: Instant;
  }
>;

export interface AdvanceMoved {
  readonly advanceId: AdvanceId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly availableAfter: Money;
  readonly heldAfter: Money;
}

/** `advance:<id>` → `hold:<payment>` */
export type AdvanceHeld = DomainEvent<
  'AdvanceHeld',
  AdvanceMoved & { readonly postings: readonly Posting[] }
>;

/** The payment failed: `hold:<payment>` → `advance:<id>`. */
export type AdvanceHoldReleased = DomainEvent<
  'AdvanceHoldReleased',
  AdvanceMoved & { readonly postings: readonly Posting[] }
>;

/** The payment was captured. No postings: the capture itself moved the money out of the hold. */
export type AdvanceHoldSpent = DomainEvent<'AdvanceHoldSpent', AdvanceMoved>;

/** A payment ended without holding money here; a hold of it that is still on its way must not succeed. */
export type AdvancePaymentBarred = DomainEvent<
  'AdvancePaymentBarred',
  { readonly advanceId: AdvanceId; readonly paymentId: PaymentId }
>;

export type AdvanceEvent =
  AdvanceCredited | AdvanceHeld | AdvanceHoldReleased | AdvanceHoldSpent | AdvancePaymentBarred;

export type AdvanceRefusal = Rejection<'ADVANCE_NOT_FOUND' | 'INSUFFICIENT_FUNDS' | 'PAYMENT_ENDED'>;
