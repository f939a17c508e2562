import { addParts, sumOf } from './allocation.js';
import { impossible } from './impossible.js';
import type { BillAllocationReversed, BillRefunded, ItemPart } from './messages.js';
import {
  isClosed,
  shareOf,
  statusOf,
  type Allocation,
  type BillState,
  type ClosedBill,
  type LiveBill,
} from './state.js';

type IssuedBill = LiveBill | ClosedBill;

export function refunded(bill: IssuedBill, event: BillRefunded): BillState {
  const { refundId, paymentId, amount, refundedAfter } = event.data;
  const sum = bill.refunded + amount.amount;
  if (!shareOf(bill.allocations, paymentId) || refundedAfter.amount !== sum || sum > bill.paid) {
    throw impossible(event, 'beyond what was paid');
  }
  const refunds = [...bill.refunds, { refundId, paymentId, amount: amount.amount }];
  if (isClosed(bill)) return { ...bill, refunded: sum, refunds };
  return { ...bill, refunded: sum, refunds, status: statusOf({ ...bill, refunded: sum }) };
}

/** A bill that was closed unpaid asks for the amount again. */
export function reversed(bill: IssuedBill, event: BillAllocationReversed): BillState {
  const { refundId, paymentId, outstandingAfter, paidAfter, rebateAfter } = event.data;
  const amount = event.data.amount.amount;
  const share = shareOf(bill.allocations, paymentId);
  const withdrawn = event.data.rebate.amount;
  if (share?.rebate !== withdrawn) throw impossible(event, 'of a payment that was not allocated');
  const from = bill.allocations.indexOf(share);
  const allocations = [
    ...bill.allocations.slice(0, from),
    ...event.data.reapportioned.map((part) => moved(bill, event, part)),
  ];
  const figures = {
    outstanding: bill.outstanding + amount + withdrawn,
    paid: bill.paid - amount,
    rebate: bill.rebate - withdrawn,
  };
  if (
    outstandingAfter.amount !== figures.outstanding ||
    paidAfter.amount !== figures.paid ||
    rebateAfter.amount !== figures.rebate ||
    allocations.reduce((sum, known) => sum + known.amount, 0n) !== figures.paid
  ) {
    throw impossible(event, 'with figures that do not add up');
  }
  const { lateFee } = bill;
  const lateFeePaid = allocations.reduce((sum, known) => sum + known.lateFee, 0n);
  const changed = {
    ...figures,
    allocations,
    lateFee: { ...lateFee, paid: lateFeePaid },
    paidPerItem: allocations.reduce<IssuedBill['paidPerItem']>(
      (sums, { perItem }) => addParts(sums, perItem),
      [],
    ),
    reversals: [...bill.reversals, { refundId, paymentId, amount }],
  };
  return { ...bill, ...changed, status: statusOf({ ...bill, ...figures }) };
}

function moved(
  bill: IssuedBill,
  event: BillAllocationReversed,
  part: {
    readonly paymentId: Allocation['paymentId'];
    readonly lateFee: { amount: bigint };
    readonly perItem: readonly ItemPart[];
  },
): Allocation {
  const known = shareOf(bill.allocations, part.paymentId);
  if (!known) throw impossible(event, 'with a payment that was not allocated');
  const isReversed = part.paymentId === event.data.paymentId;
  const amount = isReversed ? known.amount - event.data.amount.amount : known.amount;
  const lateFee = part.lateFee.amount;
  if (sumOf(part.perItem) + lateFee !== amount) throw impossible(event, 'with figures that do not add up');
  return { ...known, amount, lateFee, rebate: isReversed ? 0n : known.rebate, perItem: part.perItem };
}
