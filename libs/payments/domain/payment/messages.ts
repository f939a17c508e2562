import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type {
  AdvanceId,
  BillId,
  ContractId,
  OrganisationId,
  PaymentId,
  QrCodeId,
  QuoteId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { AuthorisationCommand, AuthorisationEvent } from './authorisation-messages.js';
import type { LateSuccessCommand, LateSuccessEvent } from './late-success-messages.js';
import type { RefundCommand, RefundEvent, RefundRefusal } from './refund-messages.js';
import type { Tender } from './tender.js';

/** What was asked for, as far as it is needed to finish the payment without the one who asked. */
export interface PaymentRequest {
  readonly paymentId: PaymentId;
  readonly tenant: TenantId;
  /** The payer who pays, or the clerk who takes the money. */
  readonly account: string;
  /** A clerk's own organisation, whose bills alone may be paid; null for payers and the tenant's counter. */
  readonly organisationId: OrganisationId | null;
  /** Hash over the canonical input: the same key with another input is told apart by it. */
  readonly inputHash: string;
  readonly bills: readonly AskedBill[];
  /**
   * A payment pays bills or funds one contract. Where it funds one, its only line stands for the contract: `billId` is the
   * contract's id, here, in the capture and on the receipt.
   */
  readonly funding?: Funding;
  /** What the payer agreed to: bills, advances and charge. */
  readonly total: Money;
  /** Part of the total that is the payer's charge for the channel; absent where there is none. */
  readonly charge?: Money;
  /** The quote that is honoured. */
  readonly quote?: { readonly quoteId: QuoteId; readonly asOf: LocalDate };
  readonly tender: Tender;
  /** The scanned merchant's code, whose one use the payment takes. */
  readonly merchantCodeId?: QrCodeId;
  readonly initiatedAt: Instant;
}

export interface Funding {
  readonly contractId: ContractId;
}

export interface AskedBill {
  readonly billId: BillId;
  /** Null: all that is due. */
  readonly amount: Money | null;
  /** What the quote promised that the bill asks for. */
  readonly quotedDue?: Money;
}

/** A bill as it stood when it was reserved, with all that a receipt says about it; never a name. */
export interface PaidBill {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  /** What is allocated to the bill, late fee included, advance not. */
  readonly amount: Money;
  /** Part of `amount` that pays late fee; absent where there is none. */
  readonly lateFee?: Money;
  /** Paid beyond what the bill asks for. */
  readonly advance?: { readonly advanceId: AdvanceId; readonly amount: Money };
}

/** Why a payment failed; `code` is one of the public ones. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly string[];
  readonly details?: Readonly<Record<string, string>>;
}

/** The code of a payment that the one who asked for it has called off. */
export const CANCELLED_CODE = 'PAYMENT_CANCELLED';

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
  | { readonly kind: 'fail'; readonly at: Instant }
  | AuthorisationCommand
  | LateSuccessCommand
  | RefundCommand;

export type PaymentInitiated = DomainEvent<'PaymentInitiated', PaymentRequest>;

/** The point of no return: the money has moved. */
export type PaymentCaptured = DomainEvent<
  'PaymentCaptured',
  {
    readonly paymentId: PaymentId;
    readonly bills: readonly PaidBill[];
    /** As in the request: the money went to `clearing:funding`, and on to the custody of the contract by its deposit. */
    readonly funding?: Funding;
    readonly total: Money;
    /** Part of the total that went to `bank:fees`. */
    readonly charge?: Money;
    /** Of the institution, for outside channels. */
    readonly reference?: string;
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

export type PaymentEvent =
  | PaymentInitiated
  | PaymentCaptured
  | PaymentRefused
  | PaymentFailed
  | AuthorisationEvent
  | LateSuccessEvent
  | RefundEvent;

export type PaymentRefusal =
  | Rejection<
      | 'IDEMPOTENCY_CONFLICT'
      | 'PAYMENT_NOT_FOUND'
      | 'PAYMENT_ENDED'
      /** The institution speaks of a payment for which it was never asked. */
      | 'AUTHORISATION_NOT_SOUGHT'
      /** No money of the payment lies in suspense. */
      | 'NO_LATE_SUCCESS'
    >
  | RefundRefusal;
