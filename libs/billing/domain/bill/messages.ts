import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type {
  BillId,
  FeeItemId,
  OrganisationId,
  PaymentId,
  SubjectId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

/** Whom the bill is for. `name` is null once the person's data has been erased. */
export interface Payer {
  readonly subjectId: SubjectId;
  readonly number: string;
  readonly name: string | null;
  readonly group: string;
  readonly grade: string;
}

/** What is charged. `priority` 1 is paid first; items of one priority are paid in the order of the bill. */
export interface BillItem {
  readonly feeItemId: FeeItemId;
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  readonly priority: number;
  readonly amount: Money;
}

/** How a bill may be paid: data fixed when it is issued, never a constant in a rule. */
export interface PaymentPolicy {
  readonly partialAllowed: boolean;
  /** Smallest amount of a payment that does not pay everything outstanding. */
  readonly minimumPartial: Money;
}

// --- commands --------------------------------------------------------------------------------------------------------

export interface IssueBill {
  readonly kind: 'issue';
  readonly billId: BillId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly number: string;
  readonly payer: Payer & { readonly name: string };
  readonly academicYear: string;
  readonly term: string;
  readonly items: readonly BillItem[];
  readonly waived: Money;
  readonly dueDate: LocalDate;
  readonly policy: PaymentPolicy;
  readonly at: Instant;
}

export interface ReserveAmount {
  readonly kind: 'reserve';
  readonly tenant: TenantId;
  /** The organisation whose bills the payment may touch; absent for payers and the tenant's own counter. */
  readonly organisationId: OrganisationId | undefined;
  readonly paymentId: PaymentId;
  /** Absent: all that is outstanding. */
  readonly amount: Money | undefined;
}

export interface ReleaseReservation {
  readonly kind: 'release';
  readonly paymentId: PaymentId;
}

export interface AllocatePayment {
  readonly kind: 'allocate';
  readonly paymentId: PaymentId;
  readonly amount: Money;
}

export interface CancelBill {
  readonly kind: 'cancel';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly reason: string;
  /** Derived from the caller's idempotency key: the same request again is answered as the first time. */
  readonly requestId: string;
}

export type BillCommand = IssueBill | ReserveAmount | ReleaseReservation | AllocatePayment | CancelBill;

// --- events: each carries the figures that result, so that a view needs to read nothing ------------------------------------

export type BillIssued = DomainEvent<
  'BillIssued',
  {
    readonly billId: BillId;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly number: string;
    readonly payer: Payer;
    readonly academicYear: string;
    readonly term: string;
    readonly items: readonly BillItem[];
    readonly total: Money;
    readonly waived: Money;
    readonly outstandingAfter: Money;
    readonly dueDate: LocalDate;
    readonly policy: PaymentPolicy;
    readonly issuedAt: Instant;
  }
>;

/** The figures or the due date changed before anything was paid. */
export type BillAmended = DomainEvent<
  'BillAmended',
  {
    readonly billId: BillId;
    readonly items: readonly BillItem[];
    readonly total: Money;
    readonly waived: Money;
    readonly dueDate: LocalDate;
    /** A credit note lowers what is owed, a debit note raises it; null when the sum is the same. */
    readonly note: { readonly kind: 'credit' | 'debit'; readonly difference: Money } | null;
    readonly outstandingAfter: Money;
  }
>;

/** Name, class or grade of the payer were put right; money is not touched. */
export type BillPayerCorrected = DomainEvent<
  'BillPayerCorrected',
  { readonly billId: BillId; readonly payer: Payer }
>;

export type BillReserved = DomainEvent<
  'BillReserved',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly amount: Money;
    readonly reservedAfter: Money;
  }
>;

export type BillReservationReleased = DomainEvent<
  'BillReservationReleased',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly amount: Money;
    readonly reservedAfter: Money;
  }
>;

/** A payment ended without ever reserving here; a reserve of it that is still on its way must not succeed. */
export type BillPaymentBarred = DomainEvent<
  'BillPaymentBarred',
  { readonly billId: BillId; readonly paymentId: PaymentId }
>;

export type BillPaymentAllocated = DomainEvent<
  'BillPaymentAllocated',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly amount: Money;
    readonly perItem: readonly { readonly feeItemId: FeeItemId; readonly amount: Money }[];
    readonly outstandingAfter: Money;
    readonly reservedAfter: Money;
    readonly paidAfter: Money;
  }
>;

export type BillCancelled = DomainEvent<
  'BillCancelled',
  { readonly billId: BillId; readonly reason: string; readonly requestId: string }
>;

export type BillEvent =
  | BillIssued
  | BillAmended
  | BillPayerCorrected
  | BillReserved
  | BillReservationReleased
  | BillPaymentBarred
  | BillPaymentAllocated
  | BillCancelled;

// --- rejections --------------------------------------------------------------------------------------------------------

export type BillRefusal = Rejection<
  | 'INVALID_BILL'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
  | 'PAYMENT_ENDED'
  | 'NOT_RESERVED'
>;
