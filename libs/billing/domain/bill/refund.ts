import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { money } from '#libs/kernel/money/index.js';
import { addParts, allocate, lateFeePartOf } from './allocation.js';
import type {
  BillAllocationReversed,
  BillEvent,
  BillRefusal,
  RefundPayment,
  ReverseAllocation,
} from './messages.js';
import { refuse } from './refusals.js';
import {
  isClosed,
  shareOf,
  statusOf,
  type Allocation,
  type BillState,
  type ClosedBill,
  type LiveBill,
} from './state.js';

type BillDecision = Decision<BillEvent, BillRefusal>;

/** Money of a payment goes back and the bill stays settled. Once per refund. */
export function refund({ refundId, paymentId, amount }: RefundPayment, state: BillState): BillDecision {
  if (state.status === 'absent') return refuse('BILL_NOT_FOUND');
  if (state.refunds.some((known) => known.refundId === refundId)) return accept();
  const share = shareOf(state.allocations, paymentId);
  const refundable = share ? share.amount - refundedOf(state, paymentId) : 0n;
  if (amount.asset !== state.asset || amount.amount <= 0n || amount.amount > refundable) {
    return refuse('NOT_ALLOCATED', state.billId);
  }
  const refunded = state.refunded + amount.amount;
  return accept({
    type: 'BillRefunded',
    data: {
      billId: state.billId,
      paymentId,
      refundId,
      amount,
      refundedAfter: money(state.asset, refunded),
      ...(isClosed(state) ? {} : { statusAfter: statusOf({ ...state, refunded }) }),
    },
  });
}

/**
 * Takes a payment off the bill again: its amount and rebate are outstanding, and the payments after it move up to the late fee
 * and the items it had paid. What was refunded of it before stays settled.
 */
export function reverse(command: ReverseAllocation, state: BillState): BillDecision {
  const { refundId, paymentId, why } = command;
  if (state.status === 'absent') return refuse('BILL_NOT_FOUND');
  if (state.reversals.some((known) => known.refundId === refundId && known.paymentId === paymentId)) {
    return accept();
  }
  const share = shareOf(state.allocations, paymentId);
  const amount = share ? share.amount - refundedOf(state, paymentId) : 0n;
  if (!share || amount === 0n) return refuse('NOT_ALLOCATED', state.billId);
  const figure = (minor: bigint) => money(state.asset, minor);
  const outstanding = state.outstanding + amount + share.rebate;
  const paid = state.paid - amount;
  return accept({
    type: 'BillAllocationReversed',
    data: {
      billId: state.billId,
      paymentId,
      refundId,
      why,
      amount: figure(amount),
      rebate: figure(share.rebate),
      reapportioned: reapportioned(state, share, amount),
      outstandingAfter: figure(outstanding),
      paidAfter: figure(paid),
      rebateAfter: figure(state.rebate - share.rebate),
      statusAfter: statusOf({ outstanding, paid, refunded: state.refunded }),
    },
  });
}

/** The payments from the reversed one on, allocated anew in their order. */
function reapportioned(
  bill: LiveBill | ClosedBill,
  reversed: Allocation,
  amount: bigint,
): BillAllocationReversed['data']['reapportioned'] {
  const from = bill.allocations.indexOf(reversed);
  let left: LiveBill | ClosedBill = without(bill, bill.allocations.slice(from), reversed.rebate);
  const stays = { ...reversed, amount: reversed.amount - amount, rebate: 0n };
  const later = [...(stays.amount > 0n ? [stays] : []), ...bill.allocations.slice(from + 1)];
  return later.map((share) => {
    const lateFee = lateFeePartOf(left, share.amount);
    const perItem = allocate(left, share.amount - lateFee);
    left = {
      ...left,
      outstanding: left.outstanding - share.amount,
      lateFee: { ...left.lateFee, paid: left.lateFee.paid + lateFee },
      paidPerItem: addParts(left.paidPerItem, perItem),
    };
    return { paymentId: share.paymentId, lateFee: money(bill.asset, lateFee), perItem };
  });
}

/** The bill as if the payments had not been allocated; rebates but the reversed one's stay granted. */
function without(
  bill: LiveBill | ClosedBill,
  shares: readonly Allocation[],
  rebate: bigint,
): LiveBill | ClosedBill {
  let { outstanding, paidPerItem } = bill;
  let { paid } = bill.lateFee;
  for (const share of shares) {
    outstanding += share.amount;
    paid -= share.lateFee;
    paidPerItem = addParts(
      paidPerItem,
      share.perItem.map(({ feeItemId, amount }) => ({
        feeItemId,
        amount: money(bill.asset, -amount.amount),
      })),
    );
  }
  return { ...bill, outstanding: outstanding + rebate, paidPerItem, lateFee: { ...bill.lateFee, paid } };
}

function refundedOf({ refunds }: Pick<LiveBill, 'refunds'>, paymentId: RefundPayment['paymentId']): bigint {
  return refunds.reduce((sum, known) => (known.paymentId === paymentId ? sum + known.amount : sum), 0n);
}
