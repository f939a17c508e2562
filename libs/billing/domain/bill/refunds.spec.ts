import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { addMs, parseLocalDate } from '#libs/kernel/time/index.js';
import {
  after,
  allocate,
  allocated,
  billId,
  first,
  issue,
  issued,
  issuedWith,
  item,
  organisationId,
  reserve,
  reserved,
  second,
  tenant,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider, type BillCommand, type IssueBill } from './index.js';

type RefundId = ReturnType<typeof asId<'refund'>>;
const one: RefundId = asId('r1');
const two: RefundId = asId('r2');

const refund = (paymentId: PaymentId, amount: number, refundId = one): BillCommand => ({
  kind: 'refund',
  refundId,
  paymentId,
  amount: yuan(amount),
});

const reverse = (paymentId: PaymentId, refundId = one): BillCommand => ({
  kind: 'reverse',
  refundId,
  paymentId,
  why: 'dishonour',
});

const ask = (approvalId = 'a1', at = issue.at): BillCommand => ({
  kind: 'requestWriteOff',
  tenant,
  organisationId,
  approvalId,
  reason: 'gone',
  at,
  expiresAt: addMs(at, 1_000),
});

const paid = [issued, reserved(first, 100), allocated(first, 100, 0)];

describe('a refund', () => {
  it('leaves the bill settled, in part and then in full', () => {
    spec(billDecider)
      .given(paid)
      .when(refund(first, 30))
      .then([
        {
          type: 'BillRefunded',
          data: {
            billId,
            paymentId: first,
            refundId: one,
            amount: yuan(30),
            refundedAfter: yuan(30),
            statusAfter: 'partiallyRefunded',
          },
        },
      ]);
    const all = after(paid, refund(first, 30), refund(first, 70, two));
    expect(fold(billDecider, all)).toMatchObject({
      status: 'refunded',
      outstanding: 0n,
      paid: 10_000n,
      refunded: 10_000n,
    });
    spec(billDecider)
      .given(all)
      .when(reserve(second))
      .thenRejected({ code: 'BILL_ALREADY_PAID', details: { billId } });
  });

  it('happens once per refund, and never beyond what the payment has on the bill', () => {
    const refunded = after(paid, refund(first, 30));
    spec(billDecider).given(refunded).when(refund(first, 30)).then([]);
    const refusal = { code: 'NOT_ALLOCATED', details: { billId } } as const;
    spec(billDecider)
      .given(refunded)
      .when(refund(first, 70.01, two))
      .thenRejected(refusal);
    spec(billDecider).given(paid).when(refund(second, 1)).thenRejected(refusal);
    spec(billDecider).given(paid).when(refund(first, 0)).thenRejected(refusal);
    spec(billDecider).given([]).when(refund(first, 1)).thenRejected({ code: 'BILL_NOT_FOUND' });
  });

  it('of a bill paid in part does not reopen anything', () => {
    const history = after([issued, reserved(first, 40), allocated(first, 40, 60)], refund(first, 40));
    expect(fold(billDecider, history)).toMatchObject({
      status: 'partiallyPaid',
      outstanding: 6_000n,
      refunded: 4_000n,
    });
  });
});

describe('a reversal', () => {
  it('makes the amount outstanding again and bars the payment', () => {
    spec(billDecider)
      .given(paid)
      .when(reverse(first))
      .then([
        {
          type: 'BillAllocationReversed',
          data: {
            billId,
            paymentId: first,
            refundId: one,
            why: 'dishonour',
            amount: yuan(100),
            rebate: yuan(0),
            reapportioned: [],
            outstandingAfter: yuan(100),
            paidAfter: yuan(0),
            rebateAfter: yuan(0),
            statusAfter: 'issued',
          },
        },
      ]);
    const reversed = after(paid, reverse(first));
    spec(billDecider).given(reversed).when(reverse(first)).then([]);
    spec(billDecider)
      .given(reversed)
      .when(reverse(first, two))
      .thenRejected({ code: 'NOT_ALLOCATED', details: { billId } });
    spec(billDecider).given(reversed).when(reserve(first)).thenRejected({ code: 'PAYMENT_ENDED' });
    spec(billDecider).given(reversed).when(allocate(first, 100)).then([]);
    spec(billDecider).given(reversed).when({ kind: 'release', paymentId: first }).then([]);
    spec(billDecider)
      .given(reversed)
      .when(reserve(second))
      .then([reserved(second, 100)]);
  });

  it('moves later payments up to the items and the late fee that the reversed one had paid', () => {
    const items = [item('A', 50, 1), item('B', 50, 2)];
    const lateFee = { rate: '1/100', graceDays: 0, order: 'lateFeeFirst' } as const;
    const bill = issuedWith({ items, policy: { ...issue.policy, lateFee } });
    const late = parseLocalDate('2026-10-05');
    const pay = (paymentId: PaymentId, amount: number): BillCommand[] => [
      { ...(reserve(paymentId, amount) as Extract<BillCommand, { kind: 'reserve' }>), asOf: late },
      allocate(paymentId, amount),
    ];
    const history = after([bill], ...pay(first, 35), ...pay(second, 40));
    // ¥5 of late fee and ¥30 of A; then ¥20 of A and ¥20 of B.
    const [event] = after(history, reverse(first)).slice(-1);
    expect(event).toMatchObject({
      type: 'BillAllocationReversed',
      data: {
        amount: yuan(35),
        outstandingAfter: yuan(65),
        paidAfter: yuan(40),
        reapportioned: [
          { paymentId: second, lateFee: yuan(5), perItem: [{ feeItemId: 'item-A', amount: yuan(35) }] },
        ],
        statusAfter: 'partiallyPaid',
      },
    });
  });

  it('takes a rebate back, and leaves what was refunded before', () => {
    const rebate = { share: '10/100', untilDaysBeforeDue: 0 };
    const bill = issuedWith({ policy: { ...issue.policy, rebate } });
    const history = after([bill], reserve(first), allocate(first, 90));
    expect(fold(billDecider, history)).toMatchObject({ status: 'paid', rebate: 1_000n });
    const reversed = after(history, refund(first, 20), reverse(first, two));
    expect(fold(billDecider, reversed)).toMatchObject({
      status: 'partiallyPaid',
      outstanding: 8_000n,
      paid: 2_000n,
      refunded: 2_000n,
      rebate: 0n,
    });
  });

  it('reopens a bill that had been closed without that payment', () => {
    const part = [issued, reserved(first, 40), allocated(first, 40, 60)];
    const history = after(part, ask(), { kind: 'writeOff', approvalId: 'a1' }, reverse(first));
    expect(fold(billDecider, history)).toMatchObject({
      status: 'issued',
      outstanding: 4_000n,
      lapsed: 6_000n,
    });
  });
});

describe('an amendment after a reversal', () => {
  const issueLate: IssueBill = {
    ...issue,
    policy: {
      ...issue.policy,
      expiresAfterDays: 10,
      lateFee: { rate: '1/100', graceDays: 0, order: 'principalFirst' },
    },
  };
  const expire: BillCommand = { kind: 'expire', today: parseLocalDate('2026-10-11') };
  const late = { ...reserve(first, 40), asOf: parseLocalDate('2026-10-05') } as BillCommand;
  const bill = issuedWith(issueLate);

  it('gives up a late fee that lapsed once, not twice', () => {
    // ¥5 of late fee is charged and ¥40 of principal paid; ¥60 and ¥5 lapse; ¥40 come back.
    const reversed = after([bill], late, allocate(first, 40), expire, reverse(first));
    expect(fold(billDecider, reversed)).toMatchObject({ outstanding: 4_000n, lapsed: 6_500n });
    const [event] = after(reversed, { ...issueLate, items: [item('TUITION', 110)] }).slice(-1);
    expect(event).toMatchObject({
      type: 'BillAmended',
      data: { note: { kind: 'debit', difference: yuan(10) }, outstandingAfter: yuan(50) },
    });
  });

  it('leaves principal enough for what lapsed of it', () => {
    const lateFee = { ...issueLate.policy.lateFee!, order: 'lateFeeFirst' } as const;
    const given = { ...issueLate, policy: { ...issueLate.policy, lateFee } };
    // ¥5 of late fee and ¥35 of principal paid; ¥65 of principal lapse; ¥5 and ¥35 come back.
    const reversed = after([issuedWith(given)], late, allocate(first, 40), expire, reverse(first));
    spec(billDecider)
      .given(reversed)
      .when({ ...given, items: [item('TUITION', 62)] })
      .thenRejected({ code: 'INVALID_BILL', path: ['amount'] });
    const least = after(reversed, { ...given, items: [item('TUITION', 65)] });
    expect(fold(billDecider, least)).toMatchObject({ status: 'issued', outstanding: 500n });
  });
});

describe('credits', () => {
  it('are taken with the first payment and let it pay more of the rest', () => {
    const items = [item('A', 60), { ...item('AID', 0), amount: yuan(-20) }, item('B', 60, 2)];
    const history = after(
      [issuedWith({ items })],
      reserve(first, 50),
      allocate(first, 50),
      reserve(second, 50),
      allocate(second, 50),
    );
    expect(
      history.flatMap((event) => (event.type === 'BillPaymentAllocated' ? [event.data.perItem] : [])),
    ).toEqual([
      [
        { feeItemId: 'item-AID', amount: yuan(-20) },
        { feeItemId: 'item-A', amount: yuan(60) },
        { feeItemId: 'item-B', amount: yuan(10) },
      ],
      [{ feeItemId: 'item-B', amount: yuan(50) }],
    ]);
  });
});
