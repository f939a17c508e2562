import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { money } from '#libs/kernel/money/index.js';
import { lastDayOf } from './dues.js';
import type {
  BillEvent,
  BillRefusal,
  CancelBill,
  ExpireBill,
  RefuseWriteOff,
  RequestWriteOff,
  WriteOff,
} from './messages.js';
import { refuse } from './refusals.js';
import { isClosed, type BillState, type KnownBill, type LiveBill } from './state.js';

type BillDecision = Decision<BillEvent, BillRefusal>;

export function cancel(command: CancelBill, state: BillState): BillDecision {
  if (state.status === 'absent' || !belongsTo(state, command)) return refuse('BILL_NOT_FOUND');
  if (state.status === 'cancelled' && state.cancelRequestId === command.requestId) return accept();
  if (isClosed(state)) return refuseClosed(state);
  if (state.paid > 0n) return refuse('BILL_ALREADY_PAID', state.billId);
  if (state.reserved > 0n) return refuse('BILL_RESERVED', state.billId);
  const { reason, requestId } = command;
  return accept({ type: 'BillCancelled', data: { billId: state.billId, reason, requestId } });
}

/** Says nothing while the bill cannot expire; whoever sweeps comes again. */
export function expire({ today }: ExpireBill, state: BillState): BillDecision {
  if (state.status === 'absent' || isClosed(state)) return accept();
  const lastDay = lastDayOf(state);
  if (lastDay === undefined || today <= lastDay) return accept();
  if (state.outstanding === 0n || state.reserved > 0n) return accept();
  const data = {
    billId: state.billId,
    amount: money(state.asset, state.outstanding),
    lastDay,
    outstandingAfter: money(state.asset, 0n),
  };
  return accept({ type: 'BillExpired', data });
}

/** What is outstanding is to be given up, once a second person agrees. */
export function requestWriteOff(command: RequestWriteOff, state: BillState): BillDecision {
  if (state.status === 'absent' || !belongsTo(state, command)) return refuse('BILL_NOT_FOUND');
  const { approvalId, reason } = command;
  const known = state.writeOffs.find((request) => request.approvalId === approvalId);
  if (known) {
    return known.reason === reason ? accept() : refuse('IDEMPOTENCY_CONFLICT');
  }
  if (isClosed(state)) return refuseClosed(state);
  if (state.outstanding === 0n) return refuse('BILL_ALREADY_PAID', state.billId);
  if (state.reserved > 0n) return refuse('BILL_RESERVED', state.billId);
  const pending = pendingWriteOff(state);
  if (pending && command.at < pending.expiresAt) return refuse('WRITE_OFF_PENDING', state.billId);
  const amount = money(state.asset, state.outstanding);
  const data = {
    billId: state.billId,
    approvalId,
    amount,
    reason,
    requestedAt: command.at,
    expiresAt: command.expiresAt,
  };
  return accept({ type: 'BillWriteOffRequested', data });
}

/** Gives up what is still outstanding, never more than was approved and never under a payment's feet. */
export function writeOff({ approvalId }: WriteOff, state: BillState): BillDecision {
  if (state.status === 'absent') return refuse('BILL_NOT_FOUND');
  const request = pendingWriteOff(state);
  if (request?.approvalId !== approvalId) return accept();
  const { billId } = state;
  const hasChanged = isClosed(state) || state.outstanding === 0n || state.outstanding > request.amount;
  if (hasChanged || state.reserved > 0n) {
    return accept({ type: 'BillWriteOffRefused', data: { billId, approvalId, why: 'billChanged' } });
  }
  const data = {
    billId,
    approvalId,
    amount: money(state.asset, state.outstanding),
    reason: request.reason,
    outstandingAfter: money(state.asset, 0n),
  };
  return accept({ type: 'BillWrittenOff', data });
}

export function refuseWriteOff({ approvalId }: RefuseWriteOff, state: BillState): BillDecision {
  if (state.status === 'absent' || pendingWriteOff(state)?.approvalId !== approvalId) return accept();
  const data = { billId: state.billId, approvalId, why: 'declined' } as const;
  return accept({ type: 'BillWriteOffRefused', data });
}

/** In words that tell why nothing more can happen to it. */
export function refuseClosed(bill: Extract<BillState, { status: 'cancelled' | 'expired' | 'writtenOff' }>) {
  switch (bill.status) {
    case 'cancelled':
      return refuse('BILL_CANCELLED', bill.billId);
    case 'expired':
      return refuse('BILL_EXPIRED', bill.billId);
    case 'writtenOff':
      return refuse('BILL_WRITTEN_OFF', bill.billId);
  }
}

export function belongsTo(
  bill: KnownBill,
  { tenant, organisationId }: Pick<LiveBill, 'tenant' | 'organisationId'>,
): boolean {
  return bill.tenant === tenant && bill.organisationId === organisationId;
}

function pendingWriteOff({ writeOffs }: KnownBill) {
  return writeOffs.find(({ outcome }) => outcome === 'pending');
}
