import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

export type Tender =
  | { readonly channel: 'wallet'; readonly walletId: WalletId }
  | { readonly channel: 'cash'; readonly tendered: Money };

/** What was asked for, as far as it is needed to finish the payment without the one who asked. */
export interface PaymentRequest {
  readonly paymentId: PaymentId;
  readonly tenant: TenantId;
  /** The payer who pays, or the clerk who takes the cash. */
  readonly account: string;
  /** A clerk's own organisation, whose bills alone may be paid; null for payers and the tenant's counter. */
  readonly organisationId: OrganisationId | null;
  /** Hash over the canonical input: the same key with another input is told apart by it. */
  readonly inputHash: string;
  /** `amount` null: all that is outstanding. */
  readonly bills: readonly { readonly billId: BillId; readonly amount: Money | null }[];
  /** What the payer agreed to. */
  readonly total: Money;
  readonly tender: Tender;
  readonly initiatedAt: Instant;
}

/** A bill as it stood when it was reserved, with all that a receipt says about it; never a name. */
export interface PaidBill {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly amount: Money;
}

/** Why a payment failed; `code` is one of the public ones. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly string[];
  readonly details?: Readonly<Record<string, string>>;
}

export type PaymentCommand =
  | ({ readonly kind: 'initiate' } & PaymentRequest)
  | {
      readonly kind: 'capture';
      readonly bills: readonly PaidBill[];
      /** Cash only: the cashier's name in an account path. */
      readonly cashier: string;
      readonly businessDate: LocalDate;
      readonly at: Instant;
    }
  | { readonly kind: 'refuse'; readonly failure: Failure; readonly at: Instant }
  /** What the payment had promised elsewhere has been given back. */
  | { readonly kind: 'fail'; readonly at: Instant };

export type PaymentInitiated = DomainEvent<'PaymentInitiated', PaymentRequest>;

/** The point of no return: the money has moved. */
export type PaymentCaptured = DomainEvent<
  'PaymentCaptured',
  {
    readonly paymentId: PaymentId;
    readonly bills: readonly PaidBill[];
    readonly total: Money;
    /** Cash handed back; null for other tenders. */
    readonly change: Money | null;
    readonly businessDate: LocalDate;
    readonly capturedAt: Instant;
    readonly postings: readonly Posting[];
  }
>;

/** It was decided that the payment will not be captured; what it promised elsewhere is being given back. */
export type PaymentRefused = DomainEvent<
  'PaymentRefused',
  { readonly paymentId: PaymentId; readonly failure: Failure; readonly refusedAt: Instant }
>;

/** Nothing of the payment is left anywhere. */
export type PaymentFailed = DomainEvent<
  'PaymentFailed',
  { readonly paymentId: PaymentId; readonly failure: Failure; readonly failedAt: Instant }
>;

export type PaymentEvent = PaymentInitiated | PaymentCaptured | PaymentRefused | PaymentFailed;

export type PaymentRefusal = Rejection<'IDEMPOTENCY_CONFLICT' | 'PAYMENT_NOT_FOUND' | 'PAYMENT_ENDED'>;
