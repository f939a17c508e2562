import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, ContractId, OrganisationId, PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Channel } from '../payment/tender.js';

/** What was paid on one bill, or into one contract. The payer's name is not in here: a receipt may speak of several persons. */
export interface ReceiptLine {
  readonly billId: BillId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly amount: Money;
  /** Paid beyond what the bill asks for; beside `amount`. */
  readonly advance?: Money;
  /** Set where the money went into a contract; `billId` is the same id then. */
  readonly contractId?: ContractId;
}

/** A receipt but for its number. */
export interface ReceiptContent {
  readonly receiptId: string;
  readonly paymentId: PaymentId;
  readonly lines: readonly ReceiptLine[];
  readonly total: Money;
  readonly channel: Channel;
  /** 12 characters of Crockford base 32. */
  readonly verificationCode: string;
  readonly issuedAt: Instant;
}

export interface IssueReceipts {
  readonly kind: 'issue';
  readonly organisationId: OrganisationId;
  /** Numbers run per series: the business year. */
  readonly series: string;
  readonly receipts: readonly ReceiptContent[];
}

/** Takes a receipt back; its number stays used. */
export interface CancelReceipt {
  readonly kind: 'cancel';
  readonly receiptId: string;
  readonly paymentId: PaymentId;
  readonly organisationId: OrganisationId;
  /** The process that decided so, with reason and approval. */
  readonly refundId: RefundId;
  readonly reason: string;
  readonly at: Instant;
}

export type ReceiptBookCommand = IssueReceipts | CancelReceipt;

export type ReceiptIssued = DomainEvent<
  'ReceiptIssued',
  ReceiptContent & {
    readonly organisationId: OrganisationId;
    readonly series: string;
    /** From 1, without gaps. */
    readonly sequence: number;
    readonly number: string;
  }
>;

/** The receipt counts no longer; whoever verifies it is told so. */
export type ReceiptCancelled = DomainEvent<
  'ReceiptCancelled',
  {
    readonly receiptId: string;
    readonly paymentId: PaymentId;
    readonly organisationId: OrganisationId;
    readonly sequence: number;
    readonly refundId: RefundId;
    readonly reason: string;
    readonly cancelledAt: Instant;
  }
>;

export type ReceiptBookEvent = ReceiptIssued | ReceiptCancelled;

/** A book refuses no receipt: whoever was captured gets one. */
export type ReceiptBookRefusal = Rejection<'RECEIPT_NOT_FOUND' | 'RECEIPT_CANCELLED'>;
