import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type {
  BillId,
  FeeItemId,
  OrganisationId,
  PaymentId,
  RefundId,
  SubjectId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { PaymentPolicy } from './policy.js';

/** Whom the bill is for. `name` is null once the person's data has been erased. */
export interface Payer {
  readonly subjectId: SubjectId;
  readonly number: string;
  readonly name: string | null;
  readonly group: string;
  readonly grade: string;
}

/** What is charged; a credit has a negative amount. `priority` 1 is paid first; items of one priority are paid in the order of the bill. */
export interface BillItem {
  readonly feeItemId: FeeItemId;
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  readonly priority: number;
  readonly amount: Money;
}

export interface ItemPart {
  readonly feeItemId: FeeItemId;
  readonly amount: Money;
}

/** Where a bill stands that still counts. */
export type BillStanding = 'issued' | 'partiallyPaid' | 'paid' | 'partiallyRefunded' | 'refunded';

export type NoteKind = 'credit' | 'debit';
export type ReversalReason = 'receiptCancel' | 'dishonour';
/** `billChanged`: more is outstanding than was approved, nothing is, or a payment is under way. */
export type WriteOffRefusalReason = 'declined' | 'billChanged';

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
    /** The last day to pay; absent for a bill that never expires. */
    readonly lastDayAfter?: LocalDate;
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
    /** Part of `amount` that will pay late fee; absent: none. */
    readonly lateFee?: Money;
    /** Granted beside `amount` once it is paid; absent: none. */
    readonly rebate?: Money;
    /** Asked beyond what is due and not part of `amount`; absent: nothing. */
    readonly advance?: Money;
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
    /** Sums to `amount` without its late fee. A payment of late fee alone names the first item with zero. */
    readonly perItem: readonly ItemPart[];
    readonly outstandingAfter: Money;
    readonly reservedAfter: Money;
    readonly paidAfter: Money;
    /** Part of `amount` that paid late fee; absent: none. */
    readonly lateFee?: Money;
    readonly rebate?: Money;
    /** All rebates of the bill; with `rebate`. */
    readonly rebateAfter?: Money;
    /** Where the figures alone do not tell. */
    readonly statusAfter?: BillStanding;
  }
>;

export type BillCancelled = DomainEvent<
  'BillCancelled',
  { readonly billId: BillId; readonly reason: string; readonly requestId: string }
>;

/** Late fee that accrued from the first to the last day, both included, is owed from now on. */
export type BillLateFeeCharged = DomainEvent<
  'BillLateFeeCharged',
  {
    readonly billId: BillId;
    /** May be zero: days whose fee is below one minor unit, or within the minimum, count nevertheless. */
    readonly amount: Money;
    readonly principal: Money;
    readonly from: LocalDate;
    readonly to: LocalDate;
    /** All late fee charged and not waived. */
    readonly lateFeeAfter: Money;
    readonly outstandingAfter: Money;
  }
>;

/** What was charged for days after a quote is taken back, because the quote is honoured. Comes to nothing with the payment: the days count again. */
export type BillLateFeeWaived = DomainEvent<
  'BillLateFeeWaived',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly amount: Money;
    readonly from: LocalDate;
    readonly to: LocalDate;
    readonly lateFeeAfter: Money;
    readonly outstandingAfter: Money;
  }
>;

/** Money went back to the payer; the bill stays settled. */
export type BillRefunded = DomainEvent<
  'BillRefunded',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly refundId: RefundId;
    readonly amount: Money;
    readonly refundedAfter: Money;
    /** Absent for a bill that was closed unpaid. */
    readonly statusAfter?: BillStanding;
  }
>;

/** A payment counts no longer; what it had paid is outstanding again, and later payments move up. */
export type BillAllocationReversed = DomainEvent<
  'BillAllocationReversed',
  {
    readonly billId: BillId;
    readonly paymentId: PaymentId;
    readonly refundId: RefundId;
    readonly why: ReversalReason;
    /** Taken off; what was refunded of the payment before stays. */
    readonly amount: Money;
    readonly rebate: Money;
    /** The payments that remain from this one on, as they stand now. */
    readonly reapportioned: readonly {
      readonly paymentId: PaymentId;
      readonly lateFee: Money;
      readonly perItem: readonly ItemPart[];
    }[];
    readonly outstandingAfter: Money;
    readonly paidAfter: Money;
    readonly rebateAfter: Money;
    readonly statusAfter: BillStanding;
  }
>;

/** A credit note lowers, a debit note raises what a bill with money on it asks for. */
export type BillAdjusted = DomainEvent<
  'BillAdjusted',
  {
    readonly billId: BillId;
    readonly noteId: string;
    readonly note: NoteKind;
    /** Above zero. */
    readonly amount: Money;
    readonly perItem: readonly ItemPart[];
    readonly reason: string;
    /** Debit notes less credit notes. */
    readonly adjustedAfter: Money;
    readonly outstandingAfter: Money;
    readonly statusAfter: BillStanding;
  }
>;

/** Waits for a second person. */
export type BillWriteOffRequested = DomainEvent<
  'BillWriteOffRequested',
  {
    readonly billId: BillId;
    readonly approvalId: string;
    readonly amount: Money;
    readonly reason: string;
    readonly requestedAt: Instant;
    /** After that the request counts no longer, granted or not. */
    readonly expiresAt: Instant;
  }
>;

export type BillWriteOffRefused = DomainEvent<
  'BillWriteOffRefused',
  { readonly billId: BillId; readonly approvalId: string; readonly why: WriteOffRefusalReason }
>;

/** Given up: nothing is owed any more. */
export type BillWrittenOff = DomainEvent<
  'BillWrittenOff',
  {
    readonly billId: BillId;
    readonly approvalId: string;
    /** At most what was approved. */
    readonly amount: Money;
    readonly reason: string;
    readonly outstandingAfter: Money;
  }
>;

/** The last day to pay has passed. */
export type BillExpired = DomainEvent<
  'BillExpired',
  {
    readonly billId: BillId;
    readonly amount: Money;
    readonly lastDay: LocalDate;
    readonly outstandingAfter: Money;
  }
>;

export type BillEvent =
  | BillIssued
  | BillAmended
  | BillPayerCorrected
  | BillReserved
  | BillReservationReleased
  | BillPaymentBarred
  | BillPaymentAllocated
  | BillLateFeeCharged
  | BillLateFeeWaived
  | BillRefunded
  | BillAllocationReversed
  | BillAdjusted
  | BillWriteOffRequested
  | BillWriteOffRefused
  | BillWrittenOff
  | BillExpired
  | BillCancelled;
