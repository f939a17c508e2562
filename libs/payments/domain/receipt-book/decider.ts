import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentId, RefundId } from '#libs/kernel/ids/index.js';
import { add, emptyTrie, emptyTrieOf, find, type IdTrie } from './id-trie.js';
import type {
  CancelReceipt,
  IssueReceipts,
  ReceiptBookCommand,
  ReceiptBookEvent,
  ReceiptBookRefusal,
  ReceiptIssued,
} from './messages.js';

export interface ReceiptBookState {
  readonly status: 'open';
  /** The last sequence given out; 0 for an empty book. */
  readonly lastSequence: number;
  /** Sequence by payment, for good: a payment gets one receipt per book. */
  readonly issued: IdTrie;
  /** By payment, who took the receipt back. */
  readonly cancelled: IdTrie<RefundId>;
}

type BookDecision = Decision<ReceiptBookEvent, ReceiptBookRefusal>;

/**
 * The receipts of one organisation and series. Numbers have no gaps by construction: a number is given out by the event
 * that uses it, and only as the successor of the last; a cancelled receipt keeps its number.
 */
export const receiptBookDecider: Decider<
  ReceiptBookCommand,
  ReceiptBookState,
  ReceiptBookEvent,
  ReceiptBookRefusal
> = {
  initial: { status: 'open', lastSequence: 0, issued: emptyTrie, cancelled: emptyTrieOf<RefundId>() },
  decide(command, state) {
    switch (command.kind) {
      case 'issue':
        return issue(command, state);
      case 'cancel':
        return cancel(command, state);
      default:
        return assertNever(command, 'receipt book command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ReceiptIssued':
        return issued(state, event.data);
      case 'ReceiptCancelled': {
        const { paymentId, refundId, sequence } = event.data;
        if (sequenceOf(state, paymentId) !== sequence || isCancelled(state, paymentId)) {
          throw new ImpossibleHistoryError('A receipt is cancelled once, after it was issued.');
        }
        return { ...state, cancelled: add(state.cancelled, paymentId, refundId) };
      }
      default:
        return assertNever(event, 'receipt book event');
    }
  },
};

function issue({ organisationId, series, receipts }: IssueReceipts, state: ReceiptBookState): BookDecision {
  const events: ReceiptBookEvent[] = [];
  const asked = new Set<PaymentId>();
  for (const receipt of receipts) {
    if (asked.has(receipt.paymentId) || sequenceOf(state, receipt.paymentId) !== undefined) continue;
    asked.add(receipt.paymentId);
    const sequence = state.lastSequence + events.length + 1;
    const number = receiptNumber(series, sequence);
    events.push({ type: 'ReceiptIssued', data: { ...receipt, organisationId, series, sequence, number } });
  }
  return accept(...events);
}

function cancel({ kind: _kind, at, ...receipt }: CancelReceipt, state: ReceiptBookState): BookDecision {
  const { paymentId, refundId } = receipt;
  const sequence = sequenceOf(state, paymentId);
  if (sequence === undefined) {
    return reject({ code: 'RECEIPT_NOT_FOUND', message: 'The payment has no receipt in this book.' });
  }
  const by = find(state.cancelled, paymentId);
  if (by === refundId) return accept();
  if (by !== undefined) {
    return reject({ code: 'RECEIPT_CANCELLED', message: 'The receipt was cancelled before.' });
  }
  const data = { ...receipt, sequence, cancelledAt: at };
  return accept({ type: 'ReceiptCancelled', data });
}

function issued(state: ReceiptBookState, { sequence, paymentId }: ReceiptIssued['data']): ReceiptBookState {
  if (sequence !== state.lastSequence + 1) throw new ImpossibleHistoryError('A gap in the receipt numbers.');
  if (sequenceOf(state, paymentId) !== undefined) {
    throw new ImpossibleHistoryError('A second receipt for one payment.');
  }
  return { ...state, lastSequence: sequence, issued: add(state.issued, paymentId, sequence) };
}

/** Whether the payment's receipt was taken back. */
export function isCancelled(state: ReceiptBookState, paymentId: PaymentId): boolean {
  return find(state.cancelled, paymentId) !== undefined;
}

/** The sequence of the payment's receipt, if it has one. */
export function sequenceOf(state: ReceiptBookState, paymentId: PaymentId): number | undefined {
  return find(state.issued, paymentId);
}

/** `2026-00000042` */
export function receiptNumber(series: string, sequence: number): string {
  return `${series}-${sequence.toString().padStart(8, '0')}`;
}
