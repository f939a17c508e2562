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

describe('a quote', () => {
  const due = 141_654;
  const debit = (minor: number): BillCommand => ({
    kind: 'adjust',
    tenant,
    organisationId,
    noteId: 'n',
    note: 'debit',
    amount: fen(minor),
    feeItemId: undefined,
    reason: 'r',
  });

  it('is honoured on a later day; the days since are not asked for', () => {
    const history = after([bill()], reserve(first, '2026-10-10', undefined, due), paid(first, due));
    expect(fold(billDecider, history)).toMatchObject({ status: 'paid', outstanding: 0n });
  });

  it('waives what was charged since, and charges it again when the payment comes to nothing', () => {
    const charged = after([bill()], reserve(second, '2026-10-11'), { kind: 'release', paymentId: second });
    const honoured = reserve(first, '2026-10-10', undefined, due);
    spec(billDecider)
      .given(charged)
      .when(honoured)
      .then([
        {
          type: 'BillLateFeeWaived',
          data: {
            billId,
            paymentId: first,
            amount: fen(71),
            from: day('2026-10-11'),
            to: day('2026-10-11'),
            lateFeeAfter: fen(704),
            outstandingAfter: fen(due),
          },
        },
        {
          type: 'BillReserved',
          data: { billId, paymentId: first, amount: fen(due), reservedAfter: fen(due), lateFee: fen(704) },
        },
      ]);
    const failed = after(charged, honoured, { kind: 'release', paymentId: first });
    expect(lateFeeOn(failed, '2026-10-10')).toBe(704);
    expect(lateFeeOn(failed, '2026-10-12')).toBe(845);
  });

  it('of a time before any late fee takes all of it back', () => {
    const charged = after([bill()], reserve(second, '2026-10-11'), { kind: 'release', paymentId: second });
    const history = after(charged, reserve(first, '2026-09-30', undefined, 140_950), paid(first, 140_950));
    expect(fold(billDecider, history)).toMatchObject({
      status: 'paid',
      lateFee: { charged: 0n, periods: [] },
    });
  });

  it.each<[string, BillCommand[]]>([
    ['a debit note', [debit(1)]],
    ['a part paid by somebody else', [reserve(second, '2026-10-10', 100), paid(second, 100)]],
    ['late fee paid by somebody else', [reserve(second, '2026-10-11', 775), paid(second, 775)]],
    ['what only looks the same', [reserve(second, '2026-10-11', 775), paid(second, 775), debit(775)]],
  ])('is stale after %s', (_what, commands) => {
    spec(billDecider)
      .given(after([bill()], ...commands))
      .when(reserve(first, '2026-10-10', undefined, due))
      .thenRejected({ code: 'QUOTE_STALE', details: { billId } });
  });

  it('is no way around another payment under way', () => {
    spec(billDecider)
      .given(after([bill()], reserve(second, '2026-10-11', 775)))
      .when(reserve(first, '2026-10-10', undefined, due))
      .thenRejected({ code: 'BILL_RESERVED', details: { billId } });
  });

  it('is not what a clock that runs behind gets', () => {
    const charged = after([bill()], reserve(second, '2026-10-11'), { kind: 'release', paymentId: second });
    const [reserved] = after(charged, reserve(first, '2026-10-10')).slice(charged.length);
    expect(reserved).toMatchObject({
      type: 'BillReserved',
      data: { amount: fen(141_725), lateFee: fen(775) },
    });
  });
});

describe('a rebate', () => {
  const early = bill({}, { policy: { rebate: { share: '2/100', untilDaysBeforeDue: 10 } } });

  it('is granted for paying everything in time', () => {
    const history = after([early], reserve(first, '2026-09-20'));
    expect(history.at(-1)).toMatchObject({ data: { amount: fen(138_131), rebate: fen(2_819) } });
    const [allocated] = after(history, paid(first, 138_131)).slice(-1);
    expect(allocated).toMatchObject({
      data: {
        outstandingAfter: fen(0),
        paidAfter: fen(138_131),
        rebate: fen(2_819),
        rebateAfter: fen(2_819),
      },
    });
  });

  it('is not granted a day later, for a part, or for less than was reserved', () => {
    const late = after([early], reserve(first, '2026-09-21'));
    expect(late.at(-1)).toMatchObject({ data: { amount: fen(140_950) } });
    const part = after([early], reserve(first, '2026-09-20', 100_000), paid(first, 100_000));
    expect(fold(billDecider, part)).toMatchObject({ outstanding: 40_950n, rebate: 0n });
    const less = after([early], reserve(first, '2026-09-20'), paid(first, 138_130));
    expect(fold(billDecider, less)).toMatchObject({ outstanding: 2_820n, rebate: 0n });
  });

  it('is spoken for while the payment is under way', () => {
    const held = after([early], reserve(first, '2026-09-20'));
    spec(billDecider)
      .given(held)
      .when(reserve(second, '2026-09-20', 1))
      .thenRejected({ code: 'BILL_RESERVED', details: { billId } });
    const small = after([early], reserve(first, '2026-09-20', 1));
    spec(billDecider)
      .given(small)
      .when(reserve(second, '2026-09-20', 138_131))
      .thenRejected({ code: 'BILL_RESERVED', details: { billId } });
  });
});

describe('an advance', () => {
  it('is what is asked beyond the due amount, where the bill takes it', () => {
    const open = bill({}, { policy: { advanceAllowed: true } });
    const history = after([open], reserve(first, '2026-10-10', 150_000));
    expect(history.at(-1)).toMatchObject({
      data: { amount: fen(141_654), lateFee: fen(704), advance: fen(8_346), reservedAfter: fen(141_654) },
    });
    spec(billDecider)
      .given([bill()])
      .when(reserve(first, '2026-10-10', 150_000))
      .thenRejected({ code: 'AMOUNT_EXCEEDS_OUTSTANDING', details: { billId, outstanding: '1416.54' } });
  });
});
