import { impossible } from './impossible.js';
import type {
  BillCancelled,
  BillEvent,
  BillWriteOffRefused,
  BillWriteOffRequested,
  BillWrittenOff,
} from './messages.js';
import { openLateFeeOf, type BillState, type ClosedBill, type KnownBill, type LiveBill } from './state.js';

/** What is outstanding is owed no longer. */
export function lapse(bill: LiveBill, event: BillEvent, amount = bill.outstanding): KnownBill {
  if (bill.reserved > 0n) throw impossible(event, 'with a payment under way');
  if (amount !== bill.outstanding) throw impossible(event, 'with figures that do not add up');
  const { lateFee } = bill;
  return {
    ...bill,
    outstanding: 0n,
    lapsed: bill.lapsed + amount,
    lateFee: { ...lateFee, lapsed: lateFee.lapsed + openLateFeeOf(lateFee) },
  };
}

export function cancelled(bill: LiveBill, event: BillCancelled): BillState {
  if (bill.paid > 0n) throw impossible(event, 'with money on the bill');
  return { ...lapse(bill, event), status: 'cancelled', cancelRequestId: event.data.requestId };
}

/** A request that expired makes room for the next. */
export function writeOffRequested(bill: LiveBill | ClosedBill, event: BillWriteOffRequested): BillState {
  const { billId: _billId, amount, ...rest } = event.data;
  const request = { ...rest, amount: amount.amount, outcome: 'pending' } as const;
  const earlier = bill.writeOffs.map((known) =>
    known.outcome === 'pending' ? ({ ...known, outcome: 'refused' } as const) : known,
  );
  return { ...bill, writeOffs: [...earlier, request] };
}

export function writeOffRefused(bill: LiveBill | ClosedBill, event: BillWriteOffRefused): BillState {
  return { ...bill, writeOffs: settled(bill, event.data.approvalId, 'refused') };
}

export function writtenOff(bill: LiveBill, event: BillWrittenOff): BillState {
  const { approvalId, amount } = event.data;
  const writeOffs = settled(bill, approvalId, 'done');
  return { ...lapse(bill, event, amount.amount), status: 'writtenOff', writeOffs };
}

function settled(
  { writeOffs }: KnownBill,
  approvalId: string,
  outcome: 'refused' | 'done',
): KnownBill['writeOffs'] {
  return writeOffs.map((request) => (request.approvalId === approvalId ? { ...request, outcome } : request));
}
