import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import {
  after,
  billId,
  first,
  issue,
  issuedWith,
  item,
  organisationId,
  second,
  tenant,
  third,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  billDecider,
  duesOn,
  isClosed,
  type BillCommand,
  type BillEvent,
  type LateFeeRule,
  type PaymentPolicy,
} from './index.js';

const fen = (minor: number) => money(CNY, BigInt(minor));
const day = parseLocalDate;
const RATE: LateFeeRule = { rate: '5/10000', graceDays: 0, order: 'lateFeeFirst' };

function bill(
  rule: Partial<LateFeeRule> = {},
  change: { yuan?: number; due?: string; policy?: Partial<PaymentPolicy> } = {},
) {
  const { yuan = 1_409.5, due = '2026-09-30', policy = {} } = change;
  return issuedWith({
    items: [item('TUITION', yuan)],
    dueDate: day(due),
    policy: { ...issue.policy, lateFee: { ...RATE, ...rule }, ...policy },
  });
}

function lateFeeOn(history: readonly BillEvent[], on: string): number {
  const state = fold(billDecider, history);
  if (state.status === 'absent' || isClosed(state)) throw new Error(state.status);
  return Number(duesOn(state, day(on)).lateFee);
}

function reserve(paymentId: typeof first, asOf: string, amount?: number, quotedDue?: number): BillCommand {
  return {
    kind: 'reserve',
    tenant,
    organisationId,
    paymentId,
    asOf: day(asOf),
    amount: amount === undefined ? undefined : fen(amount),
    ...(quotedDue === undefined ? {} : { quotedDue: fen(quotedDue) }),
  };
}

const paid = (paymentId: typeof first, amount: number): BillCommand => ({
  kind: 'allocate',
  paymentId,
  amount: fen(amount),
});

describe('late fee', () => {
  // ¥1,409.50 at 0.05 % is 70.475 fen a day.
  it.each<[string, Partial<LateFeeRule>, string, string, number]>([
    ['the due date itself', {}, '2026-09-30', '2026-09-30', 0],
    ['the day after', {}, '2026-09-30', '2026-10-01', 70],
    ['two days', {}, '2026-09-30', '2026-10-02', 140],
    ['ten days', {}, '2026-09-30', '2026-10-10', 704],
    ['the end of a month of 31 days', {}, '2026-09-30', '2026-10-31', 2_184],
    ['and the first of the next', {}, '2026-09-30', '2026-11-01', 2_255],
    ['a year', {}, '2026-09-30', '2027-09-30', 25_723],
    ['28 February of a leap year', {}, '2028-02-27', '2028-02-28', 70],
    ['the leap day', {}, '2028-02-27', '2028-02-29', 140],
    ['the day after the leap day', {}, '2028-02-27', '2028-03-01', 211],
    ['1 March without a leap day', {}, '2027-02-27', '2027-03-01', 140],
    ['the last day of grace', { graceDays: 5 }, '2026-09-30', '2026-10-05', 0],
    ['the first day after grace', { graceDays: 5 }, '2026-09-30', '2026-10-06', 70],
    ['a flat sum beside the rate', { flat: fen(100) }, '2026-09-30', '2026-10-01', 170],
    ['a flat sum alone', { rate: '0/1', flat: fen(100) }, '2026-09-30', '2026-12-31', 100],
    ['no flat sum in time', { flat: fen(100) }, '2026-09-30', '2026-09-30', 0],
    ['the minimum', { minimum: fen(200) }, '2026-09-30', '2026-10-02', 200],
    ['beyond the minimum', { minimum: fen(200) }, '2026-09-30', '2026-10-03', 211],
    ['the maximum', { maximum: fen(500) }, '2026-09-30', '2026-10-10', 500],
    ['a third of a fen', { rate: '1/422850' }, '2026-09-30', '2026-10-02', 0],
    ['three thirds of a fen', { rate: '1/422850' }, '2026-09-30', '2026-10-03', 1],
  ])('of %s', (...[, rule, due, on, fee]) => {
    expect(lateFeeOn([bill(rule, { due })], on)).toBe(fee);
  });

  it('is charged with the reservation, up to the day of the price', () => {
    spec(billDecider)
      .given([bill()])
      .when(reserve(first, '2026-10-10'))
      .then([
        {
          type: 'BillLateFeeCharged',
          data: {
            billId,
            amount: fen(704),
            principal: fen(140_950),
            from: day('2026-10-01'),
            to: day('2026-10-10'),
            lateFeeAfter: fen(704),
            outstandingAfter: fen(141_654),
          },
        },
        {
          type: 'BillReserved',
          data: {
            billId,
            paymentId: first,
            amount: fen(141_654),
            reservedAfter: fen(141_654),
            lateFee: fen(704),
          },
        },
      ]);
  });

  it('is nothing beside a plain reservation in time', () => {
    spec(billDecider)
      .given([bill()])
      .when(reserve(first, '2026-09-30'))
      .then([
        {
          type: 'BillReserved',
          data: { billId, paymentId: first, amount: fen(140_950), reservedAfter: fen(140_950) },
        },
      ]);
  });

  it('stays owed when the payment comes to nothing, and goes on from the day after', () => {
    const history = after([bill()], reserve(first, '2026-10-10'), { kind: 'release', paymentId: first });
    expect(lateFeeOn(history, '2026-10-10')).toBe(704);
    expect(lateFeeOn(history, '2026-10-11')).toBe(775);
    expect(lateFeeOn(after(history, reserve(second, '2026-10-11')), '2026-10-11')).toBe(775);
  });

  it('loses nothing to rounding when it is charged every day', () => {
    // ¥333.33 at 0.05 % is 16.6665 fen a day: 16, 33.333, 49.9995.
    const start = [bill({}, { yuan: 333.33 })];
    const one = after(start, reserve(first, '2026-10-01'), { kind: 'release', paymentId: first });
    const two = after(one, reserve(second, '2026-10-02'), { kind: 'release', paymentId: second });
    const three = after(two, reserve(third, '2026-10-03'));
    const charged = three.flatMap((event) =>
      event.type === 'BillLateFeeCharged' ? [Number(event.data.amount.amount)] : [],
    );
    expect(charged).toEqual([16, 17, 16]);
    expect(lateFeeOn(start, '2026-10-03')).toBe(49);
  });

  it('runs on what a payment in the middle leaves, late fee first', () => {
    // 1,000.00: ten days cost 5.00; ¥400 pay it and 395.00; ten days on 605.00 cost 3.025.
    const start = [bill({}, { yuan: 1_000 })];
    const history = after(start, reserve(first, '2026-10-10', 40_000), paid(first, 40_000));
    expect(history.at(-1)).toEqual({
      type: 'BillPaymentAllocated',
      data: {
        billId,
        paymentId: first,
        amount: fen(40_000),
        perItem: [{ feeItemId: 'item-TUITION', amount: fen(39_500) }],
        outstandingAfter: fen(60_500),
        reservedAfter: fen(0),
        paidAfter: fen(40_000),
        lateFee: fen(500),
      },
    });
    expect(lateFeeOn(history, '2026-10-20')).toBe(302);
    const settled = after(history, reserve(second, '2026-10-20'), paid(second, 60_802));
    expect(fold(billDecider, settled)).toMatchObject({ status: 'paid', outstanding: 0n, paid: 100_802n });
  });

  it('runs on what a payment in the middle leaves, principal first', () => {
    const start = [bill({ order: 'principalFirst' }, { yuan: 1_000 })];
    const history = after(start, reserve(first, '2026-10-10', 40_000), paid(first, 40_000));
    expect(fold(billDecider, history)).toMatchObject({
      outstanding: 60_500n,
      lateFee: { charged: 500n, paid: 0n },
    });
    expect(lateFeeOn(history, '2026-10-20')).toBe(800);
  });

  it('may be paid alone, and names an item with nothing then', () => {
    const history = after([bill()], reserve(first, '2026-10-10', 700), paid(first, 700));
    expect(history.at(-1)).toMatchObject({
      data: { perItem: [{ feeItemId: 'item-TUITION', amount: fen(0) }], lateFee: fen(700) },
    });
    expect(fold(billDecider, history)).toMatchObject({ status: 'partiallyPaid', outstanding: 140_954n });
  });

  it('counts days within the minimum on what was owed on those days', () => {
    const history = after(
      [bill({ minimum: fen(200) })],
      reserve(first, '2026-10-01', 100_200),
      paid(first, 100_200),
    );
    // 70.475 of the first day and 20.475 of each later one: the minimum lasts to the seventh day.
    expect(lateFeeOn(history, '2026-10-07')).toBe(0);
    expect(lateFeeOn(history, '2026-10-08')).toBe(13);
    const again = after(history, reserve(second, '2026-10-05', 40_000), paid(second, 40_000));
    expect(again.filter(({ type }) => type === 'BillLateFeeCharged').at(-1)).toMatchObject({
      data: { amount: fen(0), principal: fen(40_950), from: '2026-10-02', to: '2026-10-05' },
    });
  });
});
