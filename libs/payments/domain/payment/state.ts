import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { Failure, PaidBill, PaymentRequest } from './messages.js';

export type InitiatedPayment = { readonly status: 'initiated' } & PaymentRequest;

/** Refused for good; gives back what it promised elsewhere. */
export type RefusedPayment = { readonly status: 'refused'; readonly failure: Failure } & PaymentRequest;

export type CapturedPayment = {
  readonly status: 'captured';
  readonly paidBills: readonly PaidBill[];
  readonly change: Money | null;
  readonly businessDate: LocalDate;
  readonly capturedAt: Instant;
} & PaymentRequest;

export type FailedPayment = { readonly status: 'failed'; readonly failure: Failure } & PaymentRequest;

export type KnownPayment = InitiatedPayment | RefusedPayment | CapturedPayment | FailedPayment;

export type PaymentState = { readonly status: 'absent' } | KnownPayment;
