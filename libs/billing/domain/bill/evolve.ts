import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import type {
  BillAmended,
  BillEvent,
  BillIssued,
  BillPaymentAllocated,
  BillReservationReleased,
  BillReserved,
} from './messages.js';
import { ENDED_KEPT, shareOf, statusOf, type BillState, type LiveBill } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: BillState, event: BillEvent): BillState {
  if (event.type === 'BillIssued') return issued(state, event.data);
  if (state.status === 'absent') throw impossible(event, 'before the bill was issued');
  switch (event.type) {
    case 'BillPayerCorrected':
      return { ...state, payer: event.data.payer };
    case 'BillPaymentBarred':
      return { ...state, ended: withEnded(state.ended, event.data.paymentId) };
    case 'BillAmended':
      return amended(live(state, event), event);
    case 'BillReserved':
      return reserved(live(state, event), event);
    case 'BillReservationReleased':
      return released(live(state, event), event);
    case 'BillPaymentAllocated':
      return allocated(live(state, event), event);
    case 'BillCancelled': {
      const bill = live(state, event);
      if (bill.paid > 0n || bill.reserved > 0n) throw impossible(event, 'with money on the bill');
      return { ...bill, status: 'cancelled', outstanding: 0n, cancelRequestId: event.data.requestId };
    }
    default:
      return assertNever(event, 'bill event');
  }
}

function issued(state: BillState, data: BillIssued['data']): BillState {
  if (state.status !== 'absent') throw new ImpossibleHistoryError('A bill is issued once.');
  const outstanding = data.total.amount - data.waived.amount;
  if (outstanding < 0n || data.outstandingAfter.amount !== outstanding) {
    throw new ImpossibleHistoryError('BillIssued with figures that do not add up.');
  }
  return {
    status: statusOf({ outstanding, paid: 0n }),
    billId: data.billId,
    tenant: data.tenant,
    organisationId: data.organisationId,
    number: data.number,
    payer: data.payer,
    academicYear: data.academicYear,
    term: data.term,
    items: data.items,
    asset: data.total.asset,
    total: data.total.amount,
    waived: data.waived.amount,
    paid: 0n,
    outstanding,
    reserved: 0n,
    reservations: [],
    allocations: [],
    paidPerItem: [],
    ended: [],
    dueDate: data.dueDate,
    policy: data.policy,
    issuedAt: data.issuedAt,
  };
}

function amended(bill: LiveBill, event: BillAmended): BillState {
  const { items, total, waived, dueDate, outstandingAfter } = event.data;
  const outstanding = total.amount - waived.amount;
  if (bill.paid > 0n || bill.reserved > 0n) throw impossible(event, 'with money on the bill');
  if (outstanding < 0n || outstandingAfter.amount !== outstanding) {
    throw impossible(event, 'with figures that do not add up');
  }
  const figures = { total: total.amount, waived: waived.amount, outstanding };
  return { ...bill, ...figures, items, dueDate, status: statusOf({ outstanding, paid: 0n }) };
}

function reserved(bill: LiveBill, event: BillReserved): BillState {
  const { paymentId, amount, reservedAfter } = event.data;
  const sum = bill.reserved + amount.amount;
  if (amount.amount <= 0n || sum > bill.outstanding || reservedAfter.amount !== sum) {
    throw impossible(event, 'beyond what is outstanding');
  }
  if (shareOf(bill.reservations, paymentId) !== undefined) throw impossible(event, 'twice for one payment');
  return {
    ...bill,
    reserved: sum,
    reservations: [...bill.reservations, { paymentId, amount: amount.amount }],
  };
}

function released(bill: LiveBill, event: BillReservationReleased): BillState {
  const { paymentId, amount, reservedAfter } = event.data;
  const held = shareOf(bill.reservations, paymentId);
  if (held !== amount.amount || reservedAfter.amount !== bill.reserved - held) {
    throw impossible(event, 'without such a reservation');
  }
  return {
    ...bill,
    reserved: bill.reserved - held,
    reservations: bill.reservations.filter((share) => share.paymentId !== paymentId),
    ended: withEnded(bill.ended, paymentId),
  };
}

function allocated(bill: LiveBill, event: BillPaymentAllocated): BillState {
  const { paymentId, amount, perItem, outstandingAfter, reservedAfter, paidAfter } = event.data;
  const held = shareOf(bill.reservations, paymentId);
  if (held === undefined || amount.amount > held) throw impossible(event, 'beyond its reservation');
  const outstanding = bill.outstanding - amount.amount;
  const paid = bill.paid + amount.amount;
  const left = bill.reserved - held;
  if (
    outstandingAfter.amount !== outstanding ||
    paidAfter.amount !== paid ||
    reservedAfter.amount !== left ||
    perItem.reduce((sum, part) => sum + part.amount.amount, 0n) !== amount.amount
  ) {
    throw impossible(event, 'with figures that do not add up');
  }
  return {
    ...bill,
    status: statusOf({ outstanding, paid }),
    outstanding,
    paid,
    reserved: left,
    reservations: bill.reservations.filter((share) => share.paymentId !== paymentId),
    allocations: [...bill.allocations, { paymentId, amount: amount.amount }],
    paidPerItem: addPerItem(bill.paidPerItem, perItem),
  };
}

function addPerItem(
  before: LiveBill['paidPerItem'],
  parts: BillPaymentAllocated['data']['perItem'],
): LiveBill['paidPerItem'] {
  const sums = new Map(before.map(({ feeItemId, amount }) => [feeItemId, amount]));
  for (const { feeItemId, amount } of parts) {
    sums.set(feeItemId, (sums.get(feeItemId) ?? 0n) + amount.amount);
  }
  return [...sums].map(([feeItemId, amount]) => ({ feeItemId, amount }));
}

function withEnded(ended: readonly PaymentId[], paymentId: PaymentId): readonly PaymentId[] {
  return [...ended.slice(-(ENDED_KEPT - 1)), paymentId];
}

function live(state: Exclude<BillState, { status: 'absent' }>, event: BillEvent): LiveBill {
  if (state.status === 'cancelled') throw impossible(event, 'after the bill was cancelled');
  return state;
}

function impossible(event: BillEvent, why: string): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} ${why}.`);
}
