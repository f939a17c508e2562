import type { Rejection } from '#libs/kernel/errors/index.js';
import type {
  BillId,
  FeeItemId,
  OrganisationId,
  PaymentId,
  RefundId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillItem, NoteKind, Payer, ReversalReason } from './events.js';
import type { PaymentPolicy } from './policy.js';

export type * from './events.js';
export type * from './policy.js';

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
  /** Absent: all that is due. Above what is due: the rest is an advance where the bill takes them. */
  readonly amount: Money | undefined;
  /** The day the price is of: today, or the day of the quote that is honoured. */
  readonly asOf: LocalDate;
  /** What a quote promised as due on that day. */
  readonly quotedDue?: Money;
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

export interface RefundPayment {
  readonly kind: 'refund';
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
}

export interface ReverseAllocation {
  readonly kind: 'reverse';
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly why: ReversalReason;
}

export interface AdjustBill {
  readonly kind: 'adjust';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Derived from the caller's idempotency key. */
  readonly noteId: string;
  readonly note: NoteKind;
  readonly amount: Money;
  /** Absent: a debit raises the item paid last, a credit lowers items from the one paid last on. */
  readonly feeItemId: FeeItemId | undefined;
  readonly reason: string;
}

export interface RequestWriteOff {
  readonly kind: 'requestWriteOff';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Derived from the caller's idempotency key. */
  readonly approvalId: string;
  readonly reason: string;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

export interface WriteOff {
  readonly kind: 'writeOff';
  readonly approvalId: string;
}

export interface RefuseWriteOff {
  readonly kind: 'refuseWriteOff';
  readonly approvalId: string;
}

/** Says nothing while the bill cannot expire: not due to, paid, or with a payment under way. */
export interface ExpireBill {
  readonly kind: 'expire';
  readonly today: LocalDate;
}

export type BillCommand =
  | IssueBill
  | ReserveAmount
  | ReleaseReservation
  | AllocatePayment
  | RefundPayment
  | ReverseAllocation
  | AdjustBill
  | RequestWriteOff
  | WriteOff
  | RefuseWriteOff
  | ExpireBill
  | CancelBill;

// --- rejections --------------------------------------------------------------------------------------------------------

export type BillRefusal = Rejection<
  | 'INVALID_BILL'
  | 'BILL_NOT_FOUND'
  | 'BILL_ALREADY_PAID'
  | 'BILL_CANCELLED'
  | 'BILL_RESERVED'
  | 'AMOUNT_EXCEEDS_OUTSTANDING'
  | 'PARTIAL_NOT_ALLOWED'
  | 'BILL_EXPIRED'
  | 'BILL_WRITTEN_OFF'
  | 'QUOTE_STALE'
  | 'PAYMENT_ENDED'
  | 'NOT_RESERVED'
  | 'NOT_ALLOCATED'
  | 'UNKNOWN_FEE_ITEM'
  | 'IDEMPOTENCY_CONFLICT'
  | 'WRITE_OFF_PENDING'
>;
