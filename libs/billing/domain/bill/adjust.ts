import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { money } from '#libs/kernel/money/index.js';
import { spreadNote } from './allocation.js';
import { belongsTo, refuseClosed } from './close.js';
import type { AdjustBill, BillEvent, BillRefusal } from './messages.js';
import { refuse } from './refusals.js';
import { freeOf, isClosed, statusOf, type BillState, type LiveBill, type Note } from './state.js';

/**
 * A credit or debit note on a bill that still asks for something. A credit never goes below what is paid, nor below what
 * payments under way have reserved.
 */
export function adjust(command: AdjustBill, state: BillState): Decision<BillEvent, BillRefusal> {
  if (state.status === 'absent' || !belongsTo(state, command)) return refuse('BILL_NOT_FOUND');
  const known = state.notes.find(({ noteId }) => noteId === command.noteId);
  if (known) return isSame(command, known) ? accept() : refuse('IDEMPOTENCY_CONFLICT');
  if (isClosed(state)) return refuseClosed(state);
  if (state.outstanding === 0n) return refuse('BILL_ALREADY_PAID', state.billId);
  return adjusted(command, state);
}

function adjusted(command: AdjustBill, bill: LiveBill): Decision<BillEvent, BillRefusal> {
  const { note, amount, noteId, reason, feeItemId } = command;
  if (feeItemId !== undefined && !bill.items.some((item) => item.feeItemId === feeItemId)) {
    return refuse('UNKNOWN_FEE_ITEM', bill.billId);
  }
  const { principal } = freeOf(bill);
  const signed = note === 'credit' ? -amount.amount : amount.amount;
  const perItem = spreadNote(bill, signed, feeItemId);
  if (amount.asset !== bill.asset || amount.amount <= 0n || !perItem || principal + signed < 0n) {
    return refuse('AMOUNT_EXCEEDS_OUTSTANDING', bill.billId, { outstanding: money(bill.asset, principal) });
  }
  const outstanding = bill.outstanding + signed;
  return accept({
    type: 'BillAdjusted',
    data: {
      billId: bill.billId,
      noteId,
      note,
      amount,
      perItem,
      reason,
      adjustedAfter: money(bill.asset, bill.adjusted + signed),
      outstandingAfter: money(bill.asset, outstanding),
      statusAfter: statusOf({ ...bill, outstanding }),
    },
  });
}

function isSame({ note, amount, reason, feeItemId }: AdjustBill, known: Note): boolean {
  const onThatItem = feeItemId === undefined || known.perItem.every((part) => part.feeItemId === feeItemId);
  return onThatItem && known.note === note && known.amount === amount.amount && known.reason === reason;
}
