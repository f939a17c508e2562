import { accept, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { money } from '#libs/kernel/money/index.js';
import { allocate } from './allocation.js';
import { evolve } from './evolve.js';
import { issue } from './issue.js';
import type {
  AllocatePayment,
  BillCommand,
  BillEvent,
  BillRefusal,
  CancelBill,
  ReleaseReservation,
  ReserveAmount,
} from './messages.js';
import { refuse } from './refusals.js';
import { shareOf, type BillState, type LiveBill } from './state.js';

type BillDecision = Decision<BillEvent, BillRefusal>;

/**
 * A bill, and who may pay how much of it. Money is promised in two steps: a payment reserves an amount, and after its
 * capture the reservation becomes an allocation. The sum of reservations never exceeds what is outstanding, so that no two
 * payments can pay the same part, and an allocation up to its reservation can never be refused.
 */
export const billDecider: Decider<BillCommand, BillState, BillEvent, BillRefusal> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};

function decide(command: BillCommand, state: BillState): BillDecision {
  switch (command.kind) {
    case 'issue':
      return issue(command, state);
    case 'reserve':
      return reserve(command, state);
    case 'release':
      return release(command, state);
    case 'allocate':
      return allocateReserved(command, state);
    case 'cancel':
      return cancel(command, state);
    default:
      return assertNever(command, 'bill command');
  }
}

function reserve(command: ReserveAmount, state: BillState): BillDecision {
  const { paymentId, tenant, organisationId } = command;
  if (state.status === 'absent' || state.tenant !== tenant) return refuse('BILL_NOT_FOUND');
  if (organisationId !== undefined && state.organisationId !== organisationId) {
    return refuse('BILL_NOT_FOUND');
  }
  if (shareOf(state.reservations, paymentId) !== undefined) return accept();
  if (shareOf(state.allocations, paymentId) !== undefined) return accept();
  if (state.ended.includes(paymentId)) return refuse('PAYMENT_ENDED');
  if (state.status === 'cancelled') return refuse('BILL_CANCELLED', state.billId);
  if (state.status === 'paid') return refuse('BILL_ALREADY_PAID', state.billId);
  const amount = command.amount ?? money(state.asset, state.outstanding);
  const refusal = refusalOf(amount, state);
  if (refusal) return refusal;
  const reservedAfter = money(state.asset, state.reserved + amount.amount);
  return accept({ type: 'BillReserved', data: { billId: state.billId, paymentId, amount, reservedAfter } });
}

function refusalOf({ asset, amount }: { asset: string; amount: bigint }, bill: LiveBill) {
  const outstanding = money(bill.asset, bill.outstanding);
  if (asset !== bill.asset || amount > bill.outstanding || amount <= 0n) {
    return refuse('AMOUNT_EXCEEDS_OUTSTANDING', bill.billId, { outstanding });
  }
  if (amount > bill.outstanding - bill.reserved) return refuse('BILL_RESERVED', bill.billId);
  const { partialAllowed, minimumPartial } = bill.policy;
  if (amount < bill.outstanding && (!partialAllowed || amount < minimumPartial.amount)) {
    return refuse('PARTIAL_NOT_ALLOWED', bill.billId, { minimum: minimumPartial, outstanding });
  }
  return undefined;
}

/** Always accepted: whatever the payment had here ends, and nothing of it can begin later. */
function release({ paymentId }: ReleaseReservation, state: BillState): BillDecision {
  if (state.status === 'absent' || state.ended.includes(paymentId)) return accept();
  if (shareOf(state.allocations, paymentId) !== undefined) {
    throw new ImpossibleHistoryError('A payment that was allocated cannot be released.');
  }
  const held = shareOf(state.reservations, paymentId);
  if (held === undefined) {
    return accept({ type: 'BillPaymentBarred', data: { billId: state.billId, paymentId } });
  }
  const data = {
    billId: state.billId,
    paymentId,
    amount: money(state.asset, held),
    reservedAfter: money(state.asset, state.reserved - held),
  };
  return accept({ type: 'BillReservationReleased', data });
}

function allocateReserved({ paymentId, amount }: AllocatePayment, state: BillState): BillDecision {
  if (state.status === 'absent') return refuse('BILL_NOT_FOUND');
  if (shareOf(state.allocations, paymentId) !== undefined) return accept();
  const held = shareOf(state.reservations, paymentId);
  if (held === undefined || amount.asset !== state.asset || amount.amount <= 0n || amount.amount > held) {
    return refuse('NOT_RESERVED', state.billId);
  }
  const after = (minor: bigint) => money(state.asset, minor);
  const data = {
    billId: state.billId,
    paymentId,
    amount,
    perItem: allocate(state, amount),
    outstandingAfter: after(state.outstanding - amount.amount),
    reservedAfter: after(state.reserved - held),
    paidAfter: after(state.paid + amount.amount),
  };
  return accept({ type: 'BillPaymentAllocated', data });
}

function cancel(command: CancelBill, state: BillState): BillDecision {
  if (state.status === 'absent' || state.tenant !== command.tenant) return refuse('BILL_NOT_FOUND');
  if (state.organisationId !== command.organisationId) return refuse('BILL_NOT_FOUND');
  if (state.status === 'cancelled') {
    if (state.cancelRequestId === command.requestId) return accept();
    return refuse('BILL_CANCELLED', state.billId);
  }
  if (state.paid > 0n) return refuse('BILL_ALREADY_PAID', state.billId);
  if (state.reserved > 0n) return refuse('BILL_RESERVED', state.billId);
  const { reason, requestId } = command;
  return accept({ type: 'BillCancelled', data: { billId: state.billId, reason, requestId } });
}
