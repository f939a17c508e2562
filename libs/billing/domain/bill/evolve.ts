import { assertNever } from '#libs/kernel/errors/index.js';
import { sumOf, addParts } from './allocation.js';
import { impossible } from './impossible.js';
import { issued, amended } from './evolve-content.js';
import { cancelled, lapse, writeOffRefused, writeOffRequested, writtenOff } from './evolve-closed.js';
import { adjusted, lateFeeCharged, lateFeeWaived } from './evolve-owed.js';
import { refunded, reversed } from './evolve-refunds.js';
import type { BillEvent, BillPaymentAllocated, BillReservationReleased, BillReserved } from './messages.js';
import {
  ENDED_KEPT,
  freeOf,
  isClosed,
  shareOf,
  statusOf,
  type BillState,
  type KnownBill,
  type LiveBill,
  type ClosedBill,
} from './state.js';

type IssuedBill = LiveBill | ClosedBill;

/** @throws ImpossibleHistoryError */
export function evolve(state: BillState, event: BillEvent): BillState {
  if (state.status === 'absent') {
    if (event.type === 'BillIssued') return issued(event);
    throw impossible(event, 'before the bill was issued');
  }
  switch (event.type) {
    case 'BillIssued':
      throw impossible(event, 'a second time');
    case 'BillPayerCorrected':
      return { ...state, payer: event.data.payer };
    case 'BillPaymentBarred':
      return { ...state, ended: withEnded(state.ended, event.data.paymentId) };
    case 'BillReserved':
      return reserved(live(state, event), event);
    case 'BillReservationReleased':
      return released(live(state, event), event);
    case 'BillPaymentAllocated':
      return allocated(live(state, event), event);
    case 'BillAmended':
      return amended(live(state, event), event);
    case 'BillAdjusted':
      return adjusted(live(state, event), event);
    case 'BillLateFeeCharged':
      return lateFeeCharged(live(state, event), event);
    case 'BillLateFeeWaived':
      return lateFeeWaived(live(state, event), event);
    case 'BillRefunded':
      return refunded(state, event);
    case 'BillAllocationReversed':
      return reversed(state, event);
    case 'BillWriteOffRequested':
      return writeOffRequested(state, event);
    case 'BillWriteOffRefused':
      return writeOffRefused(state, event);
    case 'BillWrittenOff':
      return writtenOff(live(state, event), event);
    case 'BillExpired':
      return { ...lapse(live(state, event), event, event.data.amount.amount), status: 'expired' };
    case 'BillCancelled':
      return cancelled(live(state, event), event);
    default:
      return assertNever(event, 'bill event');
  }
}

function reserved(bill: LiveBill, event: BillReserved): BillState {
  const { paymentId, amount, reservedAfter, lateFee, rebate, advance } = event.data;
  const sum = bill.reserved + amount.amount;
  const share = {
    paymentId,
    amount: amount.amount,
    lateFee: lateFee?.amount ?? 0n,
    rebate: rebate?.amount ?? 0n,
    advance: advance?.amount ?? 0n,
  };
  const free = freeOf(bill);
  const isFree =
    share.lateFee <= free.lateFee && share.amount - share.lateFee + share.rebate <= free.principal;
  if (share.amount <= 0n || share.lateFee < 0n || !isFree || reservedAfter.amount !== sum) {
    throw impossible(event, 'beyond what is outstanding');
  }
  if (shareOf(bill.reservations, paymentId)) throw impossible(event, 'twice for one payment');
  return {
    ...bill,
    reserved: sum,
    reservations: [...bill.reservations, share],
  };
}

function released(bill: LiveBill, event: BillReservationReleased): BillState {
  const { paymentId, amount, reservedAfter } = event.data;
  const held = shareOf(bill.reservations, paymentId);
  if (held?.amount !== amount.amount || reservedAfter.amount !== bill.reserved - held.amount) {
    throw impossible(event, 'without such a reservation');
  }
  return {
    ...bill,
    reserved: bill.reserved - held.amount,
    reservations: bill.reservations.filter((share) => share.paymentId !== paymentId),
    ended: withEnded(bill.ended, paymentId),
  };
}

function allocated(bill: LiveBill, event: BillPaymentAllocated): BillState {
  const { paymentId, amount, perItem, outstandingAfter, reservedAfter, paidAfter } = event.data;
  const held = shareOf(bill.reservations, paymentId);
  const lateFee = event.data.lateFee?.amount ?? 0n;
  const rebate = event.data.rebate?.amount ?? 0n;
  if (!held || amount.amount > held.amount || lateFee > held.lateFee || rebate > held.rebate) {
    throw impossible(event, 'beyond its reservation');
  }
  const outstanding = bill.outstanding - amount.amount - rebate;
  const paid = bill.paid + amount.amount;
  const left = bill.reserved - held.amount;
  if (
    outstandingAfter.amount !== outstanding ||
    paidAfter.amount !== paid ||
    reservedAfter.amount !== left ||
    sumOf(perItem) !== amount.amount - lateFee
  ) {
    throw impossible(event, 'with figures that do not add up');
  }
  return {
    ...bill,
    status: statusOf({ outstanding, paid, refunded: bill.refunded }),
    outstanding,
    paid,
    reserved: left,
    reservations: bill.reservations.filter((share) => share.paymentId !== paymentId),
    rebate: bill.rebate + rebate,
    lateFee: lateFee === 0n ? bill.lateFee : { ...bill.lateFee, paid: bill.lateFee.paid + lateFee },
    allocations: [...bill.allocations, { ...held, amount: amount.amount, lateFee, rebate, perItem }],
    paidPerItem: addParts(bill.paidPerItem, perItem),
  };
}

function withEnded(ended: KnownBill['ended'], paymentId: KnownBill['ended'][number]): KnownBill['ended'] {
  return [...ended.slice(-(ENDED_KEPT - 1)), paymentId];
}

function live(state: IssuedBill, event: BillEvent): LiveBill {
  if (isClosed(state)) throw impossible(event, 'after the bill was closed');
  return state;
}
