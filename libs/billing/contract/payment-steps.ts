import type { BillId, OrganisationId, PaymentId, RefundId, TenantId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { BillStatus } from './views.js';

export type ReserveBillRejection = Rejection<
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  /** The bill is no longer what the quote was given for. */
  | 'QUOTE_STALE'
  /** The payment was released here before: a late reserve of it must not succeed. */
  | 'PAYMENT_ENDED'
>;

/**
 * The steps a payment takes on a bill, as an interface for a caller in the same process. It does what `ReserveBill`,
 * `ReleaseBill` and `AllocateToBill` do; the payment process finishes payments without a caller at hand, which a command
 * with a `RequestContext` cannot express, and takes these steps for every bill of every payment, so that the way should
 * be short. A remote implementation would send the commands.
 *
 * Bind with the token `BILL_PAYMENT_STEPS`.
 */
export interface BillPaymentSteps {
  /** What the bills ask for on a day; unknown bills and those of another tenant are absent. Stores nothing. */
  price(
    tenant: TenantId,
    billIds: readonly BillId[],
    asOf: LocalDate,
  ): Promise<ReadonlyMap<BillId, BillPrice>>;
  /**
   * Reserves for the payment; again for the same payment: the same answer, nothing stored. Late fee up to the day of the
   * price is charged to the bill; what accrued after the day of a quote is waived when the quote is honoured.
   */
  reserve(step: PaymentStep, ask: ReserveAsk): Promise<Outcome<ReservedBill, ReserveBillRejection>>;
  /** What the payment has reserved on the bill, if it has. */
  reservationOf(billId: BillId, paymentId: PaymentId): Promise<ReservedBill | undefined>;
  /** Ends whatever the payment has on the bill and bars it from reserving later. */
  release(step: PaymentStep): Promise<void>;
  /** Turns the reservation into an allocation; again for the same payment: nothing happens. */
  allocate(step: PaymentStep, amount: Money): Promise<void>;
  /**
   * Money of the payment goes back to the payer and the bill stays settled: `BillRefunded`. Idempotent per refund. Never more
   * than the payment has paid on the bill: the payment's own refund fence comes first, so that a refusal here is a bug.
   */
  refund(step: RefundStep, amount: Money): Promise<void>;
  /**
   * The payment counts no longer (receipt cancelled, cheque dishonoured): its allocation is taken off, the amount is outstanding
   * again, later allocations are re-apportioned to the items. Idempotent per refund.
   */
  reverse(step: RefundStep, why: 'receiptCancel' | 'dishonour'): Promise<void>;
  /** Full names by bill; null once erased, absent for unknown bills. For receipts, whose events hold no names. */
  payerNames(billIds: readonly BillId[]): Promise<ReadonlyMap<BillId, string | null>>;
}

export const BILL_PAYMENT_STEPS = Symbol('BILL_PAYMENT_STEPS');

/** `refundId` is the refund or reversal process that takes the step; `commandId` derives from it. */
export interface RefundStep extends PaymentStep {
  readonly refundId: RefundId;
}

export interface ReserveAsk {
  /** Absent: all that is due. Above what is due: the rest is the payer's advance where the bill allows it. */
  readonly amount: Money | undefined;
  /** The day the price is of: today, or the day of the quote that is honoured. */
  readonly asOf: LocalDate;
  /** The due amount a quote promised for this bill; a bill that has changed otherwise since refuses with `QUOTE_STALE`. */
  readonly quotedDue?: Money;
}

/** What a bill asks for on a day. */
export interface BillPrice {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly status: BillStatus;
  /** Items − waivers − payments, without any late fee that is not charged yet. */
  readonly principal: Money;
  /** Charged and not yet paid, and what has accrued up to the day. */
  readonly lateFee: Money;
  /** For paying everything on that day; zero otherwise. */
  readonly rebate: Money;
  /** principal + lateFee − rebate: what pays the bill in full on that day. */
  readonly due: Money;
  readonly partialAllowed: boolean;
  readonly minimumPartial: Money;
  readonly advanceAllowed: boolean;
}

export interface PaymentStep {
  readonly billId: BillId;
  readonly paymentId: PaymentId;
  readonly tenant: TenantId;
  /** The organisation whose bills the payment may touch; absent for payers and the tenant's own counter. */
  readonly organisationId: OrganisationId | undefined;
  readonly actor: string;
  readonly correlationId: string;
  /** Derived from the payment and the step. */
  readonly commandId: string;
}

/** A reservation, with what a receipt will say about the bill. */
export interface ReservedBill {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly reserved: Money;
  /** Part of `reserved` that pays late fee. */
  readonly lateFee: Money;
  /** What was asked beyond what is due, where the bill takes advances: not reserved; the payment credits it to the payer. Zero as a rule. */
  readonly advance: Money;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly payerName: string | null;
  /** `学费 2026-2027 1` */
  readonly description: string;
}
