import { describe, expect, it } from '@jest/globals';
import { checkLog } from './check.js';
import { CHECKER, onBill, onPayment, onRefund } from './drafts.js';
import { moneyCoreAcknowledgements, moneyCoreEffects, moneyCoreLog } from './money-core-log.js';
import { after, change, find, plantedInCore, type PlantedRow, without } from './planting.js';
import { cny, exportOf } from './synthetic-log.js';

function rows(name: string, all: readonly PlantedRow[]): void {
  describe(name, () => {
    it.each(all)('%s', async (_, plant, found) => {
      expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
    });
  });
}

describe('the checker on the money core', () => {
  it('finds nothing in a sound log, and looked at every rule', async () => {
    const report = await checkLog({
      log: exportOf(moneyCoreLog()),
      effects: moneyCoreEffects,
      acknowledgements: moneyCoreAcknowledgements,
    });
    expect(report.rules.filter(({ violations, checked }) => violations > 0 || checked === 0)).toEqual([]);
    expect(report).toMatchObject({
      payments: 9,
      captured: 8,
      refunds: 3,
      transfers: 3,
      open: [],
      holds: true,
    });
  });

  it.each([
    [{ kind: 'payment', paymentId: 'p9' }, 'payment p9 of 305 was taken on; the log says nothing'],
    [
      { kind: 'refund', refundId: 'r2', status: 'REJECTED' },
      'refund r2 of 305 was answered as REJECTED; the log says returned, 60000',
    ],
    [
      { kind: 'transfer', transferId: 't9', status: 'PENDING' },
      'transfer t9 of 305 was answered as PENDING; the log says nothing',
    ],
  ])('misses what was acknowledged: %j', async (answer, found) => {
    const line = JSON.stringify({ asset: 'CNY/2', amount: '305', ...answer });
    const report = await checkLog({ log: exportOf(moneyCoreLog()), acknowledgements: [line] });
    expect(report.rules.filter(({ violations }) => violations > 0).map(({ first }) => first)).toEqual([
      found,
    ]);
  });

  rows('payments by an institution', [
    [
      'a capture that nobody has authorised',
      (events) => {
        without('PaymentAuthorised', 'payment-p1')(events);
        without('PaymentOutcomeUnknown', 'payment-p1')(events);
        without('PaymentAuthorisationSought', 'payment-p1')(events);
      },
      ['I2: PaymentCaptured.v1 at payment-p1@1: that no institution has authorised'],
    ],
    [
      'money not from the clearing account',
      change('PaymentCaptured', 'payment-p1', {
        postings: [{ source: 'world:operator', destination: 'org:school-2:payable', amount: cny(500) }],
      }),
      ['I2: PaymentCaptured.v1 at payment-p1@4: money from elsewhere than operator'],
    ],
    [
      'late money used twice',
      (events) =>
        after(
          events,
          'PaymentLateSuccessReturned',
          'payment-p3',
          onPayment('PaymentLateSuccessReallocated', 'p3', {}),
        ),
      ['I4: PaymentLateSuccessReallocated.v1 at payment-p3@7: with money that is returned'],
    ],
    [
      'late money of another amount',
      change('PaymentLateSuccessRecorded', 'payment-p3', { amount: cny(306) }),
      ['I2: PaymentLateSuccessRecorded.v1 at payment-p3@4: 306 of a payment of 305'],
    ],
    [
      'late money forgotten',
      without('PaymentLateSuccessReturned', 'payment-p3'),
      ['I5: payment p3 is still failed, money returning'],
    ],
  ]);

  rows('bills', [
    [
      'a figure that is not the fold',
      change('BillAdjusted', 'bill-b7', { outstandingAfter: cny(71) }),
      ['bills: BillAdjusted.v1 at bill-b7@1: outstandingAfter is 71, the fold 70'],
    ],
    [
      'more credited than is owed',
      change('BillAdjusted', 'bill-b7', {
        amount: cny(101),
        adjustedAfter: cny(-101),
        outstandingAfter: cny(-1),
      }),
      ['bills: BillAdjusted.v1 at bill-b7@1: outstandingAfter is -1, the fold -1'],
    ],
    [
      'more given back than was paid',
      change('BillRefunded', 'bill-b1', { amount: cny(501), refundedAfter: cny(501) }),
      ['I2: BillRefunded.v1 at bill-b1@3: 501 given back of 500'],
    ],
    [
      'a reversal of another amount',
      change('BillAllocationReversed', 'bill-b2', { amount: cny(59_999) }),
      ['I2: BillAllocationReversed.v1 at bill-b2@3: 59999 taken off of 60000'],
    ],
    [
      'a reversal that moves a later payment to another amount',
      change('BillAllocationReversed', 'bill-b2', {
        reapportioned: [{ paymentId: 'p2', perItem: [{ amount: cny(1) }] }],
      }),
      [
        'I2: BillAllocationReversed.v1 at bill-b2@3: a later payment stands at another amount than it was allocated',
      ],
    ],
    [
      'a written-off bill takes a payment',
      (events) => events.push(onBill('BillReserved', 'b7', { paymentId: 'p9', amount: cny(1) })),
      [
        'I4: BillReserved.v1 at bill-b7@3: after the bill was written off',
        'I2: BillReserved.v1 at bill-b7@3: promised 1 of 0',
      ],
    ],
    [
      'items that do not add up to the payment',
      change('BillPaymentAllocated', 'bill-b1', { perItem: [{ feeItemId: 'f1', amount: cny(499) }] }),
      ['I2: BillPaymentAllocated.v1 at bill-b1@2: 499 on the items of 500 allocated'],
    ],
  ]);

  rows('refunds', [
    [
      'more held than was paid',
      change('PaymentRefundHeld', 'payment-p1', { lines: [{ billId: 'b1', amount: cny(501) }] }),
      ['refunds: PaymentRefundHeld.v1 at payment-p1@5: 501 of 500 paid on bill b1'],
    ],
    [
      'given back without a hold',
      without('PaymentRefundHeld', 'payment-p1'),
      [
        'I4: RefundSent.v1 at refund-r1@2: the payment has set 0 aside',
        'refunds: PaymentRefunded.v1 at payment-p1@5: given back again, after its end or without a hold',
      ],
    ],
    [
      'an end without a settled fence',
      without('PaymentRefunded', 'payment-p1'),
      ['I5: refund r1 is returned, on its payment held'],
    ],
    [
      'a returned refund is rejected',
      (events) => after(events, 'RefundReturned', 'refund-r1', onRefund('RefundRejected', 'r1')),
      ['I4: RefundRejected.v1 at refund-r1@4: of a refund that is returned'],
    ],
    [
      'another amount moved',
      change('RefundSent', 'refund-r1', {
        postings: [{ source: 'org:school-2:payable', destination: 'clearing:refund', amount: cny(201) }],
      }),
      [
        'I4: RefundSent.v1 at refund-r1@2: another amount than 200',
        'I3: clearing:refund stands at 1, 0 of it under way',
      ],
    ],
    [
      'the bill does not know of it',
      change('BillRefunded', 'bill-b1', { paymentId: 'p9' }),
      [
        'I2: BillRefunded.v1 at bill-b1@3: 200 given back of 0',
        'I5: bill b1: 200 refunded, 0 by its payments',
      ],
    ],
    [
      'a voided receipt still counts',
      without('ReceiptCancelled', 'receiptBook-school-2-2026'),
      ['I5: refund r2: the receipt still counts'],
    ],
    [
      'a voided payment still counts',
      without('BillAllocationReversed', 'bill-b2'),
      ['I5: refund r2: bill b2 still counts the payment'],
    ],
    ['nobody finishes it', without('RefundCompleted', 'refund-r1'), ['I5: refund r1 is still returned']],
  ]);

  rows('a second person', [
    [
      'maker and checker are one',
      change('ApprovalGranted', 'approval-ap2', { checker: { accountId: 'another', personId: 'person-1' } }),
      ['approvals: ApprovalGranted.v1 at approval-ap2@1: decided by who asked for it'],
    ],
    [
      'used twice',
      (events) =>
        after(events, 'ApprovalUsed', 'approval-ap2', { ...find(events, 'ApprovalUsed', 'approval-ap2') }),
      ['approvals: ApprovalUsed.v1 at approval-ap2@3: of a request that is used'],
    ],
    [
      'used for another payload',
      change('ApprovalUsed', 'approval-ap2', { payloadHash: 'x' }),
      ['approvals: ApprovalUsed.v1 at approval-ap2@2: of another payload than was asked for'],
    ],
    [
      'used too late',
      change('ApprovalUsed', 'approval-ap2', { usedAt: '2026-10-01T00:00:00.000Z' }),
      ['approvals: ApprovalUsed.v1 at approval-ap2@2: used after it had expired'],
    ],
    [
      'a payload that was changed',
      change('ApprovalRequested', 'approval-ap2', { payload: { amount: '6.00' } }),
      ["approvals: ApprovalRequested.v1 at approval-ap2@0: the hash is not the payload's"],
    ],
    [
      'a refund without the approval',
      without('ApprovalUsed', 'approval-ap2'),
      ['approvals: RefundApproved.v1 at refund-r2@1: by person-2, asked for by person-1'],
    ],
    [
      'a refund approved by another than the checker',
      change('RefundApproved', 'refund-r2', { checker: { ...CHECKER, personId: 'person-3' } }),
      ['approvals: RefundApproved.v1 at refund-r2@1: by person-3, asked for by person-1'],
    ],
    [
      'a large refund that asks nobody',
      change('RefundRequested', 'refund-r2', { approvalNeeded: false, refundKind: 'refund' }),
      ['approvals: RefundRequested.v1 at refund-r2@0: 60000 without a second person'],
    ],
    [
      'a write-off without the approval',
      without('ApprovalUsed', 'approval-wo1'),
      ['approvals: BillWrittenOff.v1 at bill-b7@2: approval wo1 is granted'],
    ],
    [
      'limits without the approval',
      without('ApprovalGranted', 'approval-l1'),
      ['approvals: TierLimitsSet.v1 at walletTiers-demo-bank@0: approval l1 is pending'],
    ],
  ]);
});
