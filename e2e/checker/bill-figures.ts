/** A bill as this checker folds it, and what its figures come to. */
export interface Share {
  readonly paymentId: string;
  readonly minor: bigint;
  /** Granted beside it. */
  readonly rebate: bigint;
}

export interface Allocation extends Share {
  /** Of `minor`, what a reversal has taken off. */
  reversed: bigint;
  refunded: bigint;
}

/** Minor units of `asset`. Lists, because a log has a million bills with one entry each. */
export interface FoldedBill {
  readonly id: string;
  asset: string;
  total: bigint;
  waived: bigint;
  /** Debit notes less credit notes. */
  adjusted: bigint;
  /** Late fee charged and not taken back. */
  lateFee: bigint;
  rebate: bigint;
  /** Given up by cancelling, expiry or write-off. */
  lapsed: bigint;
  paid: bigint;
  refunded: bigint;
  readonly reservations: Share[];
  readonly allocations: Allocation[];
  closed: 'CANCELLED' | 'EXPIRED' | 'WRITTEN_OFF' | undefined;
}

export type ShownStatus =
  | 'ISSUED'
  | 'PARTIALLY_PAID'
  | 'PAID'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'WRITTEN_OFF';

/** What was ever asked for and still counts. */
export function askedOf(bill: FoldedBill): bigint {
  return bill.total + bill.adjusted + bill.lateFee - bill.waived - bill.lapsed;
}

/** A closed bill asks for nothing. */
export function outstandingOf(bill: FoldedBill): bigint {
  return askedOf(bill) - bill.rebate - bill.paid;
}

export function reservedOf({ reservations }: FoldedBill): bigint {
  return reservations.reduce((sum, { minor }) => sum + minor, 0n);
}

/** Paid or reserved, with the rebates that go with it. */
export function promisedOf(bill: FoldedBill): bigint {
  return bill.reservations.reduce((sum, { minor, rebate }) => sum + minor + rebate, bill.paid + bill.rebate);
}

/** What the view must show: the names of the public schema. */
export function statusOf(bill: FoldedBill): ShownStatus {
  if (bill.closed) return bill.closed;
  if (outstandingOf(bill) > 0n) return bill.paid > 0n ? 'PARTIALLY_PAID' : 'ISSUED';
  if (bill.refunded === 0n) return 'PAID';
  return bill.refunded < bill.paid ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}
