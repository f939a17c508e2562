import type { PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Authorisation } from './authorisation-messages.js';
import type { LateSuccess } from './late-success-messages.js';
import type { Failure, PaidBill, PaymentRequest } from './messages.js';
import type { RefundLine } from './refund-messages.js';

export type InitiatedPayment = { readonly status: 'initiated' } & PaymentRequest;

interface Asked {
  readonly authorisation: Authorisation;
  /** Transfers: what the payer must name. */
  readonly remittanceCode?: string;
}

/** An institution has been asked, or is about to be. */
export type AuthorisingPayment = { readonly status: 'authorising' } & Asked & PaymentRequest;

/** The institution has not answered; it may have succeeded. */
export type UnknownPayment = {
  readonly status: 'unknown';
  readonly reason: string;
  readonly since: Instant;
} & Asked &
  PaymentRequest;

/** The institution has the money for us; a capture follows. */
export type AuthorisedPayment = {
  readonly status: 'authorised';
  readonly reference: string;
  readonly authorisedAt: Instant;
} & Asked &
  PaymentRequest;

/** Refused for good; gives back what it promised elsewhere. */
export type RefusedPayment = {
  readonly status: 'refused';
  readonly failure: Failure;
  readonly authorisation?: Authorisation;
  readonly lateSuccess?: LateSuccess;
} & PaymentRequest;

export type CapturedPayment = {
  readonly status: 'captured';
  readonly paidBills: readonly PaidBill[];
  readonly reference?: string;
  readonly change: Money | null;
  readonly businessDate: LocalDate;
  readonly capturedAt: Instant;
  /** Absent until the first refund. */
  readonly refunds?: RefundFence;
} & PaymentRequest;

export type FailedPayment = {
  readonly status: 'failed';
  readonly failure: Failure;
  readonly authorisation?: Authorisation;
  readonly lateSuccess?: LateSuccess;
} & PaymentRequest;

/** What refunds have set aside or given back; a payment has a handful at most. */
export interface RefundFence {
  readonly held: readonly { readonly refundId: RefundId; readonly lines: readonly RefundLine[] }[];
  readonly settled: readonly { readonly refundId: RefundId; readonly lines: readonly RefundLine[] }[];
  readonly released: readonly RefundId[];
}

/** Waits for an institution. */
export type AwaitingPayment = AuthorisingPayment | UnknownPayment;

export type KnownPayment =
  | InitiatedPayment
  | AuthorisingPayment
  | UnknownPayment
  | AuthorisedPayment
  | RefusedPayment
  | CapturedPayment
  | FailedPayment;

export type PaymentState = { readonly status: 'absent' } | KnownPayment;

/** `payment-<id>`: the operation at the institution, the same on every attempt. */
export function operationIdOf(paymentId: PaymentId): string {
  return `payment-${paymentId}`;
}
