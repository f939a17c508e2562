import type { BillId, FeeItemId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillItem, Payer, PaymentPolicy } from './messages.js';

/** A part of the bill that belongs to one payment; minor units of the bill's asset. */
export interface PaymentShare {
  readonly paymentId: PaymentId;
  readonly amount: bigint;
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
  /** Minor units, as the four below. */
  readonly total: bigint;
  readonly waived: bigint;
  readonly paid: bigint;
  /** total − waived − paid; never below zero; nothing once cancelled. */
  readonly outstanding: bigint;
  /** Sum of the reservations; never above `outstanding`. */
  readonly reserved: bigint;
  readonly reservations: readonly PaymentShare[];
  /** For good: a payment is allocated once. */
  readonly allocations: readonly PaymentShare[];
  readonly paidPerItem: readonly { readonly feeItemId: FeeItemId; readonly amount: bigint }[];
  /** The last payments that ended without paying; bounded by `ENDED_KEPT`. */
  readonly ended: readonly PaymentId[];
  readonly dueDate: LocalDate;
  readonly policy: PaymentPolicy;
  readonly issuedAt: Instant;
}

/** A bill that was issued and still counts. */
export type LiveBill = KnownBill & { readonly status: 'issued' | 'partiallyPaid' | 'paid' };

export type BillState =
  | { readonly status: 'absent' }
  | LiveBill
  | (KnownBill & { readonly status: 'cancelled'; readonly cancelRequestId: string });

/**
 * How many ended payments a bill remembers, to refuse a reserve that arrives late. Commands live for seconds, so that
 * only the newest matter; the bound keeps a bill small that many tried and failed to pay.
 */
export const ENDED_KEPT = 256;

export function statusOf(bill: { readonly outstanding: bigint; readonly paid: bigint }): LiveBill['status'] {
  if (bill.outstanding === 0n) return 'paid';
  return bill.paid > 0n ? 'partiallyPaid' : 'issued';
}

export function shareOf(shares: readonly PaymentShare[], paymentId: PaymentId): bigint | undefined {
  return shares.find((share) => share.paymentId === paymentId)?.amount;
}
