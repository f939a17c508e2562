import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { isCancelled } from './decider.js';
import { add, emptyTrie, find } from './id-trie.js';
import {
  receiptBookDecider,
  receiptNumber,
  sequenceOf,
  type CancelReceipt,
  type IssueReceipts,
  type ReceiptBookEvent,
  type ReceiptContent,
} from './index.js';

const organisationId = asId<'organisation'>('school-1');

function receipt(payment: string): ReceiptContent {
  return {
    receiptId: `r-${payment}`,
    paymentId: asId(payment),
    lines: [
      {
        billId: asId('b1'),
        billNumber: 'N-1',
        payerNumber: '0001',
        description: '学费',
        amount: money(CNY, 100n),
      },
    ],
    total: money(CNY, 100n),
    channel: 'wallet',
    verificationCode: '0123456789AB',
    issuedAt: parseInstant('2026-09-01T00:00:00.000Z'),
  };
}

const issue = (...payments: string[]): IssueReceipts => ({
  kind: 'issue',
  organisationId,
  series: '2026',
  receipts: payments.map(receipt),
});
const issued = (payment: string, sequence: number): ReceiptBookEvent => ({
  type: 'ReceiptIssued',
  data: {
    ...receipt(payment),
    organisationId,
    series: '2026',
    sequence,
    number: `2026-${String(sequence).padStart(8, '0')}`,
  },
});

const cancelled = (payment: string, sequence: number, refund = 'refund-1'): ReceiptBookEvent => ({
  type: 'ReceiptCancelled',
  data: {
    receiptId: `r-${payment}`,
    paymentId: asId(payment),
    organisationId,
    sequence,
    refundId: asId(refund),
    reason: '重复收款',
    cancelledAt: parseInstant('2026-09-02T00:00:00.000Z'),
  },
});
const cancel = (payment: string, refund = 'refund-1'): CancelReceipt => ({
  kind: 'cancel',
  receiptId: `r-${payment}`,
  paymentId: asId(payment),
  organisationId,
  refundId: asId(refund),
  reason: '重复收款',
  at: parseInstant('2026-09-02T00:00:00.000Z'),
});

describe('a receipt book', () => {
  it('takes back any receipt, not only the last, and never gives its number out again', () => {
    spec(receiptBookDecider)
      .given([issued('p1', 1), issued('p2', 2)])
      .when(cancel('p1'))
      .then([cancelled('p1', 1)]);
    spec(receiptBookDecider)
      .given([issued('p1', 1), issued('p2', 2), cancelled('p1', 1), cancelled('p2', 2)])
      .when(issue('p3'))
      .then([issued('p3', 3)]);
    const book = [issued('p1', 1), cancelled('p1', 1)];
    spec(receiptBookDecider).given(book).when(issue('p1')).then([]);
    expect(isCancelled(fold(receiptBookDecider, book), asId('p1'))).toBe(true);
  });

  it('takes a receipt back once', () => {
    const book = [issued('p1', 1), cancelled('p1', 1)];
    spec(receiptBookDecider).given(book).when(cancel('p1')).then([]);
    spec(receiptBookDecider)
      .given(book)
      .when(cancel('p1', 'refund-2'))
      .thenRejected({ code: 'RECEIPT_CANCELLED' });
    spec(receiptBookDecider).given([]).when(cancel('p1')).thenRejected({ code: 'RECEIPT_NOT_FOUND' });
    spec(receiptBookDecider)
      .given([...book, cancelled('p1', 1)])
      .thenImpossible();
    spec(receiptBookDecider)
      .given([cancelled('p1', 1)])
      .thenImpossible();
  });

  it('numbers receipts from one, in the order asked', () => {
    spec(receiptBookDecider)
      .given([])
      .when(issue('p1', 'p2'))
      .then([issued('p1', 1), issued('p2', 2)]);
    spec(receiptBookDecider)
      .given([issued('p1', 1), issued('p2', 2)])
      .when(issue('p3'))
      .then([issued('p3', 3)]);
  });

  it('gives a payment one receipt, however often and in whatever company it asks', () => {
    spec(receiptBookDecider)
      .given([issued('p1', 1)])
      .when(issue('p2', 'p1', 'p2', 'p3'))
      .then([issued('p2', 2), issued('p3', 3)]);
    spec(receiptBookDecider)
      .given([issued('p1', 1)])
      .when(issue('p1'))
      .then([]);
    expect(sequenceOf(fold(receiptBookDecider, [issued('p1', 1)]), asId('p1'))).toBe(1);
  });

  it('has no gap and no payment twice in its history', () => {
    spec(receiptBookDecider)
      .given([issued('p1', 2)])
      .thenImpossible();
    spec(receiptBookDecider)
      .given([issued('p1', 1), issued('p2', 1)])
      .thenImpossible();
    spec(receiptBookDecider)
      .given([issued('p1', 1), issued('p1', 2)])
      .thenImpossible();
  });

  it('stays gapless and unique under any rounds', () => {
    const rounds = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(rounds, (asked) => {
        let state = receiptBookDecider.initial;
        const given: string[] = [];
        for (const round of asked) {
          const decision = receiptBookDecider.decide(issue(...round.map(String)), state);
          const events = decision.accepted ? decision.events : [];
          for (const event of events) {
            state = receiptBookDecider.evolve(state, event);
            if (event.type === 'ReceiptIssued') given.push(event.data.number);
          }
        }
        const distinct = new Set(asked.flat()).size;
        const expected = Array.from({ length: distinct }, (_, index) => receiptNumber('2026', index + 1));
        expect(given).toEqual(expected);
      }),
    );
  });
});

describe('the map of ids behind it', () => {
  it('finds every id added and no other, and leaves earlier versions as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.uuid(), fc.string()), { minLength: 1, maxLength: 300 }),
        (ids) => {
          const [absent, ...present] = ids;
          const versions = [emptyTrie];
          for (const [index, id] of present.entries()) versions.push(add(versions[index]!, id, index));
          for (const [version, trie] of versions.entries()) {
            expect(trie.size).toBe(version);
            expect(find(trie, absent!)).toBeUndefined();
            const around = [version - 1, version].filter((index) => index in present);
            for (const index of around) {
              expect(find(trie, present[index]!)).toBe(index < version ? index : undefined);
            }
          }
          const last = versions.at(-1)!;
          expect(present.map((id) => find(last, id))).toEqual(present.map((_, index) => index));
        },
      ),
    );
  });

  it('tells ids apart that differ in their last character alone, or in their length', () => {
    const ids = ['000-a', '000-b', '000--', '000-d', '000-m', '000-', '000', ''];
    const trie = ids.reduce((map, id, index) => add(map, id, index), emptyTrie);
    expect(ids.map((id) => find(trie, id))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(find(trie, '000-c')).toBeUndefined();
  });
});
