import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { money } from '#libs/kernel/money/index.js';
import { allocate } from './allocation.js';
import type { AllocatePayment, BillEvent, BillRefusal, ReleaseReservation } from './messages.js';
import { refuse } from './refusals.js';
import { shareOf, statusOf, type BillState, type KnownBill, type PaymentShare } from './state.js';

type BillDecision = Decision<BillEvent, BillRefusal>;

/** Always accepted: whatever the payment had here ends, and nothing of it can begin later. */
export function release({ paymentId }: ReleaseReservation, state: BillState): BillDecision {
  if (state.status === 'absent' || state.ended.includes(paymentId)) return accept();
  if (shareOf(state.reversals, paymentId)) return accept();
  if (shareOf(state.allocations, paymentId)) {
    throw new ImpossibleHistoryError('A payment that was allocated cannot be released.');
  }
  const held = shareOf(state.reservations, paymentId);
  if (!held) return accept({ type: 'BillPaymentBarred', data: { billId: state.billId, paymentId } });
  const data = {
    billId: state.billId,
    paymentId,
    amount: money(state.asset, held.amount),
    reservedAfter: money(state.asset, state.reserved - held.amount),
  };
  return accept({ type: 'BillReservationReleased', data });
}

export function allocateReserved({ paymentId, amount }: AllocatePayment, state: BillState): BillDecision {
  if (state.status === 'absent') return refuse('BILL_NOT_FOUND');
  if (shareOf(state.allocations, paymentId) || shareOf(state.reversals, paymentId)) return accept();
  const held = shareOf(state.reservations, paymentId);
  if (!held || amount.asset !== state.asset || amount.amount <= 0n || amount.amount > held.amount) {
    return refuse('NOT_RESERVED', state.billId);
  }
  const figure = (minor: bigint) => money(state.asset, minor);
  const whole = amount.amount === held.amount;
  const lateFee = whole ? held.lateFee : lateFeeOfPart(state, held, amount.amount);
  // The rebate is for paying everything that was due.
  const rebate = whole ? held.rebate : 0n;
  const outstanding = state.outstanding - amount.amount - rebate;
  const paid = state.paid + amount.amount;
  const status = statusOf({ outstanding, paid, refunded: state.refunded });
  const data = {
    billId: state.billId,
    paymentId,
    amount,
    perItem: allocate(state, amount.amount - lateFee),
    outstandingAfter: figure(outstanding),
    reservedAfter: figure(state.reserved - held.amount),
    paidAfter: figure(paid),
    ...(lateFee > 0n ? { lateFee: figure(lateFee) } : {}),
    ...(rebate > 0n ? { rebate: figure(rebate), rebateAfter: figure(state.rebate + rebate) } : {}),
    ...(status === 'partiallyRefunded' || status === 'refunded' ? { statusAfter: status } : {}),
  };
  return accept({ type: 'BillPaymentAllocated', data });
}

/** Of less than was reserved: in the order of the bill's policy, within what was reserved for either. */
function lateFeeOfPart({ policy }: KnownBill, held: PaymentShare, amount: bigint): bigint {
  if (policy.lateFee?.order === 'principalFirst') {
    const principal = held.amount - held.lateFee;
    return amount > principal ? amount - principal : 0n;
  }
  return amount < held.lateFee ? amount : held.lateFee;
}
