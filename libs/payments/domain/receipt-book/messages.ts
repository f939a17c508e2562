import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** What was paid on one bill. The payer's name is not in here: a receipt may speak of several persons. */
export interface ReceiptLine {
  readonly billId: BillId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly amount: Money;
}

/** A receipt but for its number. */
export interface ReceiptContent {
  readonly receiptId: string;
  readonly paymentId: PaymentId;
  readonly lines: readonly ReceiptLine[];
  readonly total: Money;
  readonly channel: 'wallet' | 'cash';
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

export type ReceiptBookEvent = ReceiptIssued;

/** A book refuses nothing: whoever was captured gets a receipt. */
export type ReceiptBookRefusal = Rejection<never>;
