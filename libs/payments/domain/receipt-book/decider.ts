import { accept, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import { add, emptyTrie, find, type IdTrie } from './id-trie.js';
import type { IssueReceipts, ReceiptBookEvent, ReceiptBookRefusal } from './messages.js';

export interface ReceiptBookState {
  readonly status: 'open';
  /** The last sequence given out; 0 for an empty book. */
  readonly lastSequence: number;
  /** Sequence by payment, for good: a payment gets one receipt per book. */
  readonly issued: IdTrie;
}

/**
 * The receipts of one organisation and series. Numbers have no gaps by construction: a number is given out by the event
 * that uses it, and only as the successor of the last.
 */
export const receiptBookDecider: Decider<
  IssueReceipts,
  ReceiptBookState,
  ReceiptBookEvent,
  ReceiptBookRefusal
> = {
  initial: { status: 'open', lastSequence: 0, issued: emptyTrie },
  decide({ organisationId, series, receipts }, state) {
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
  },
  evolve(state, { data: { sequence, paymentId } }) {
    if (sequence !== state.lastSequence + 1)
      throw new ImpossibleHistoryError('A gap in the receipt numbers.');
    if (sequenceOf(state, paymentId) !== undefined) {
      throw new ImpossibleHistoryError('A second receipt for one payment.');
    }
    return { status: 'open', lastSequence: sequence, issued: add(state.issued, paymentId, sequence) };
  },
};

/** The sequence of the payment's receipt, if it has one. */
export function sequenceOf(state: ReceiptBookState, paymentId: PaymentId): number | undefined {
  return find(state.issued, paymentId);
}

/** `2026-00000042` */
export function receiptNumber(series: string, sequence: number): string {
  return `${series}-${sequence.toString().padStart(8, '0')}`;
}
