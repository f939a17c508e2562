import { describe, expect, it } from '@jest/globals';
import { after, find, planted } from './planting.js';
import { cny, type DraftEvent } from './synthetic-log.js';

describe('the checker on money', () => {
  describe('I2', () => {
    it.each<[string, (events: DraftEvent[]) => void, readonly string[]]>([
      [
        'two captures of one payment',
        (events) =>
          after(events, 'PaymentCaptured', 'payment-p3', {
            ...find(events, 'PaymentCaptured', 'payment-p3'),
          }),
        [
          'I2: PaymentCaptured.v1 at payment-p3@2: captured twice',
          'I4: PaymentCaptured.v1 at payment-p3@2: of a payment that is captured',
        ],
      ],
      [
        'another amount captured than agreed',
        (events) => (find(events, 'PaymentInitiated', 'payment-p3').data['total'] = cny(299)),
        ['I2: PaymentCaptured.v1 at payment-p3@1: 300 captured, 299 agreed'],
      ],
      [
        'postings beside the bills',
        (events) => {
          const [, toSchool] = find(events, 'PaymentCaptured', 'payment-p3').data['postings'] as {
            destination: string;
          }[];
          toSchool!.destination = 'org:school-1:payable';
        },
        ['I2: PaymentCaptured.v1 at payment-p3@1: the postings are not what the bills say'],
      ],
      [
        'a reservation beyond the outstanding',
        (events) => (find(events, 'BillIssued', 'bill-b3').data['waived'] = cny(1)),
        ['I2: BillReserved.v1 at bill-b3@1: promised 700 of 699'],
      ],
      [
        'an allocation beyond its reservation',
        (events) => (find(events, 'BillPaymentAllocated', 'bill-b1').data['amount'] = cny(901)),
        [
          'I2: BillPaymentAllocated.v1 at bill-b1@2: 901 allocated, 900 reserved',
          'I2: bill b1: 901 allocated by p1, captured 900',
          'I5: payment p1: bill b1 was not allocated',
        ],
      ],
      [
        'an allocation that nothing was captured for',
        (events) => (find(events, 'BillReservationReleased').type = 'BillPaymentAllocated.v1'),
        ['I2: bill b3: 700 allocated by p2, captured nothing'],
      ],
      [
        'a bill whose figures do not add up',
        (events) => (find(events, 'BillIssued', 'bill-b3').data['total'] = cny(701)),
        ['I2: BillIssued.v1 at bill-b3@0: items, total and waiver do not add up'],
      ],
      [
        'a hold of another amount',
        (events) => {
          const hold = find(events, 'WalletHoldPlaced');
          hold.data['amount'] = cny(1_099);
        },
        ['I2: WalletHoldPlaced.v1 at wallet-w1@2: held again, or not what payment p1 agreed to'],
      ],
      [
        'a hold given back although the payment was captured',
        (events) => (find(events, 'WalletHoldSpent').type = 'WalletHoldReleased.v1'),
        [
          'I2: WalletHoldReleased.v1 at wallet-w1@3: payment p1 is captured',
          'I5: payment p1: hold is released',
        ],
      ],
    ])('%s', async (_, plant, found) => {
      expect(await planted(plant)).toEqual(expect.arrayContaining([...found]));
    });
  });

  describe('I3', () => {
    it.each<[string, (events: DraftEvent[]) => void, string]>([
      [
        'a posting with one side',
        (events) =>
          ((find(events, 'WalletToppedUp').data['postings'] as Record<string, unknown>[])[0]!['source'] =
            undefined),
        'I3: a posting of WalletToppedUp.v1 at wallet-w1@1 is not one',
      ],
      [
        'an amount with a fraction',
        (events) =>
          ((find(events, 'WalletToppedUp').data['postings'] as Record<string, unknown>[])[0]!['amount'] = {
            asset: 'CNY/2',
            amount: '1.5',
          }),
        'I3: a posting of WalletToppedUp.v1 at wallet-w1@1 is not one',
      ],
      [
        'more spent than there was',
        (events) =>
          ((find(events, 'WalletToppedUp').data['postings'] as Record<string, unknown>[])[0]!['amount'] =
            cny(1_099)),
        'I3: wallet:w1 stands at -1 after WalletHoldPlaced.v1 at wallet-w1@2',
      ],
    ])('%s', async (_, plant, found) => {
      expect(await planted(plant)).toContain(found);
    });
  });

  describe('I4', () => {
    it.each<[string, (events: DraftEvent[]) => void, string]>([
      [
        'a failed payment is captured',
        (events) =>
          after(events, 'PaymentFailed', 'payment-p2', {
            ...find(events, 'PaymentCaptured', 'payment-p1'),
            stream: 'payment-p2',
          }),
        'I4: PaymentCaptured.v1 at payment-p2@3: of a payment that is failed',
      ],
      [
        'a captured payment fails',
        (events) =>
          after(events, 'PaymentCaptured', 'payment-p3', {
            stream: 'payment-p3',
            type: 'PaymentRefused.v1',
            data: {},
          }),
        'I4: PaymentRefused.v1 at payment-p3@2: of a payment that is captured',
      ],
      [
        'an event of a payment that nobody knows',
        (events) => (find(events, 'PaymentInitiated', 'payment-p3').stream = 'payment-p4'),
        'I4: PaymentCaptured.v1 at payment-p3@0: of a payment that is not known',
      ],
      [
        'a cancelled bill is reserved',
        (events) =>
          after(events, 'BillCancelled', 'bill-b4', {
            ...find(events, 'BillReserved', 'bill-b3'),
            stream: 'bill-b4',
          }),
        'I4: BillReserved.v1 at bill-b4@2: after the bill was cancelled',
      ],
      [
        'a paid bill is cancelled',
        (events) => void events.push({ stream: 'bill-b1', type: 'BillCancelled.v1', data: {} }),
        'I4: BillCancelled.v1 at bill-b1@3: with money on the bill, or again',
      ],
      [
        'a bill is issued twice',
        (events) => void events.push({ ...find(events, 'BillIssued', 'bill-b3') }),
        'I4: BillIssued.v1 at bill-b3@3: issued twice',
      ],
    ])('%s', async (_, plant, found) => {
      expect(await planted(plant)).toContain(found);
    });
  });

  describe('receipts', () => {
    it.each<[string, (events: DraftEvent[]) => void, readonly string[]]>([
      [
        'a gap',
        (events) => Object.assign(events.at(-1)!.data, { sequence: 3, number: '2026-00000003' }),
        ['receipts: ReceiptIssued.v1 at receiptBook-school-2-2026@1: 2026-00000003 where number 2 was due'],
      ],
      [
        'another amount than captured',
        (events) => (events.at(-1)!.data['total'] = cny(301)),
        ['receipts: ReceiptIssued.v1 at receiptBook-school-2-2026@1: 301 received, 300 captured by p3'],
      ],
      [
        'a second receipt',
        (events) => {
          const last = events.at(-1)!;
          events.push({ ...last, data: { ...last.data, sequence: 3, number: '2026-00000003' } });
        },
        ['receipts: ReceiptIssued.v1 at receiptBook-school-2-2026@2: a second receipt for p3'],
      ],
    ])('%s', async (_, plant, found) => {
      expect(await planted(plant)).toEqual(found);
    });
  });
});
