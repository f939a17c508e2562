import type { BillId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';

export type ReserveBillRejection = Rejection<
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
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
  /** Reserves for the payment; again for the same payment: the same answer, nothing stored. */
  reserve(step: PaymentStep, amount: Money | undefined): Promise<Outcome<ReservedBill, ReserveBillRejection>>;
  /** What the payment has reserved on the bill, if it has. */
  reservationOf(billId: BillId, paymentId: PaymentId): Promise<ReservedBill | undefined>;
  /** Ends whatever the payment has on the bill and bars it from reserving later. */
  release(step: PaymentStep): Promise<void>;
  /** Turns the reservation into an allocation; again for the same payment: nothing happens. */
  allocate(step: PaymentStep, amount: Money): Promise<void>;
  /** Full names by bill; null once erased, absent for unknown bills. For receipts, whose events hold no names. */
  payerNames(billIds: readonly BillId[]): Promise<ReadonlyMap<BillId, string | null>>;
}

export const BILL_PAYMENT_STEPS = Symbol('BILL_PAYMENT_STEPS');

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
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly payerName: string | null;
  /** `学费 2026-2027 1` */
  readonly description: string;
}
