import type {
  BillId,
  FeeItemId,
  OrganisationId,
  PaymentId,
  RefundId,
  TenantId,
} from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillItem, BillStanding, ItemPart, NoteKind, Payer, PaymentPolicy } from './messages.js';

/** A part of the bill that belongs to one payment; minor units of the bill's asset. */
export interface PaymentShare {
  readonly paymentId: PaymentId;
  readonly amount: bigint;
  /** Part of `amount`. */
  readonly lateFee: bigint;
  /** Beside `amount`. */
  readonly rebate: bigint;
  /** Neither reserved nor owed: what the payment brings beyond the bill. */
  readonly advance: bigint;
}

export interface Allocation extends PaymentShare {
  readonly perItem: readonly ItemPart[];
}

export interface RefundShare {
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly amount: bigint;
}

/** Days whose late fee was charged; enough to take the fee of the last of them back. */
export interface LateFeePeriod {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly principal: bigint;
  readonly chargedBefore: bigint;
  readonly accruedBefore: bigint;
}

export interface LateFee {
  /** Charged and not waived. */
  readonly charged: bigint;
  readonly paid: bigint;
  /** Given up with the bill. */
  readonly lapsed: bigint;
  /** Exact: principal × days × numerator of the rate, over the rate's denominator. */
  readonly accrued: bigint;
  /** The last day charged. */
  readonly accruedTo: LocalDate | undefined;
  /** The newest; bounded by `PERIODS_KEPT`. */
  readonly periods: readonly LateFeePeriod[];
}

export interface Note {
  readonly noteId: string;
  readonly note: NoteKind;
  readonly amount: bigint;
  readonly perItem: readonly ItemPart[];
  readonly reason: string;
}

export interface WriteOffRequest {
  readonly approvalId: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  readonly outcome: 'pending' | 'refused' | 'done';
}

export interface KnownBill {
  readonly billId: BillId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly number: string;
  readonly payer: Payer;
  readonly academicYear: string;
  readonly term: string;
  readonly items: readonly BillItem[];
  readonly asset: Asset;
  /** Minor units, as all sums below. */
  readonly total: bigint;
  readonly waived: bigint;
  /** Debit notes less credit notes. */
  readonly adjusted: bigint;
  readonly notes: readonly Note[];
  readonly lateFee: LateFee;
  /** Granted. */
  readonly rebate: bigint;
  /** Allocated by payments that count, late fee included, refunds not taken off. */
  readonly paid: bigint;
  readonly refunded: bigint;
  /** Given up when the bill was cancelled, expired or written off. */
  readonly lapsed: bigint;
  /** total + adjusted + lateFee.charged − waived − rebate − paid − lapsed; never below zero. */
  readonly outstanding: bigint;
  /** Sum of the reservations; with their rebates never above `outstanding`. */
  readonly reserved: bigint;
  readonly reservations: readonly PaymentShare[];
  /** A payment is allocated once, for good. */
  readonly allocations: readonly Allocation[];
  readonly refunds: readonly RefundShare[];
  /** Payments that were taken off again. */
  readonly reversals: readonly RefundShare[];
  readonly paidPerItem: readonly { readonly feeItemId: FeeItemId; readonly amount: bigint }[];
  /** The last payments that ended without paying; bounded by `ENDED_KEPT`. */
  readonly ended: readonly PaymentId[];
  readonly writeOffs: readonly WriteOffRequest[];
  readonly dueDate: LocalDate;
  readonly policy: PaymentPolicy;
  readonly issuedAt: Instant;
}

/** A bill that was issued and still counts. */
export type LiveBill = KnownBill & { readonly status: BillStanding };

export type ClosedBill = KnownBill &
  (
    | { readonly status: 'cancelled'; readonly cancelRequestId: string }
    | { readonly status: 'expired' }
    | { readonly status: 'writtenOff' }
  );

export type BillState = { readonly status: 'absent' } | LiveBill | ClosedBill;

/**
 * How many ended payments a bill remembers, to refuse a reserve that arrives late. Commands live for seconds, so that
 * only the newest matter; the bound keeps a bill small that many tried and failed to pay.
 */
export const ENDED_KEPT = 256;

/** How many periods of late fee a bill remembers: a quote lives shorter than the days in which so many are charged. */
export const PERIODS_KEPT = 62;

export const NO_LATE_FEE: LateFee = {
  charged: 0n,
  paid: 0n,
  lapsed: 0n,
  accrued: 0n,
  accruedTo: undefined,
  periods: [],
};

export function statusOf(bill: Pick<KnownBill, 'outstanding' | 'paid' | 'refunded'>): BillStanding {
  if (bill.outstanding > 0n) return bill.paid > 0n ? 'partiallyPaid' : 'issued';
  if (bill.refunded === 0n) return 'paid';
  return bill.refunded < bill.paid ? 'partiallyRefunded' : 'refunded';
}

export function isClosed(bill: LiveBill | ClosedBill): bill is ClosedBill {
  return bill.status === 'cancelled' || bill.status === 'expired' || bill.status === 'writtenOff';
}

export function shareOf<Share extends { readonly paymentId: PaymentId }>(
  shares: readonly Share[],
  paymentId: PaymentId,
): Share | undefined {
  return shares.find((share) => share.paymentId === paymentId);
}

/** Late fee charged and still to be paid. */
export function openLateFeeOf({ charged, paid, lapsed }: LateFee): bigint {
  return charged - paid - lapsed;
}

/** What is outstanding without late fee. */
export function principalOf(bill: Pick<KnownBill, 'outstanding' | 'lateFee'>): bigint {
  return bill.outstanding - openLateFeeOf(bill.lateFee);
}

/** What an unpaid bill asks for with another content. Late fee that lapsed is part of `lapsed`. */
export function outstandingAs(
  { adjusted, lateFee, lapsed }: Pick<KnownBill, 'adjusted' | 'lateFee' | 'lapsed'>,
  { total, waived }: { readonly total: bigint; readonly waived: bigint },
): bigint {
  return total - waived + adjusted + lateFee.charged - lapsed;
}

/** Late fee and principal that no reservation speaks for; a rebate promised is spoken for. */
export function freeOf(bill: KnownBill): { readonly lateFee: bigint; readonly principal: bigint } {
  let lateFee = openLateFeeOf(bill.lateFee);
  let principal = principalOf(bill);
  for (const share of bill.reservations) {
    lateFee -= share.lateFee;
    principal -= share.amount - share.lateFee + share.rebate;
  }
  return { lateFee, principal };
}
