import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import {
  allocated,
  asOf,
  billId,
  first,
  issue,
  issued,
  issuedWith,
  reserved,
  second,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider, type BillEvent } from './index.js';

type RefundId = ReturnType<typeof asId<'refund'>>;
const one: RefundId = asId('r1');

const fen = (minor: number) => money(CNY, BigInt(minor));

const paid = [issued, reserved(first, 100), allocated(first, 100, 0)];

describe('a history that cannot be', () => {
  const lateFee = { rate: '1/100', graceDays: 0, order: 'lateFeeFirst' } as const;
  const late = issuedWith({ policy: { ...issue.policy, lateFee } });
  const charged = (amount: number, outstanding: number): BillEvent => ({
    type: 'BillLateFeeCharged',
    data: {
      billId,
      amount: yuan(amount),
      principal: yuan(100),
      from: parseLocalDate('2026-10-01'),
      to: parseLocalDate('2026-10-01'),
      lateFeeAfter: yuan(amount),
      outstandingAfter: yuan(outstanding),
    },
  });
  const refunded = (amount: number): BillEvent => ({
    type: 'BillRefunded',
    data: { billId, paymentId: first, refundId: one, amount: yuan(amount), refundedAfter: yuan(amount) },
  });

  it.each<[string, readonly BillEvent[]]>([
    ['late fee on a bill without a rule', [issued, charged(1, 101)]],
    ['another late fee than the rule gives', [late, charged(2, 102)]],
    ['late fee with a wrong sum', [late, charged(1, 102)]],
    ['refunded without a payment', [issued, refunded(1)]],
    ['refunded beyond the payment', [...paid, refunded(101)]],
    [
      'reserved after it was reserved with a rebate in full',
      [issued, reserved(first, 100), reserved(second, 1, 101)],
    ],
    [
      'expired with a payment under way',
      [
        issued,
        reserved(first, 1),
        {
          type: 'BillExpired',
          data: { billId, amount: yuan(100), lastDay: asOf, outstandingAfter: yuan(0) },
        },
      ],
    ],
    [
      'written off with other figures',
      [
        issued,
        {
          type: 'BillWrittenOff',
          data: { billId, approvalId: 'a', amount: fen(1), reason: 'r', outstandingAfter: yuan(0) },
        },
      ],
    ],
  ])('is refused: %s', (_what, history) => {
    spec(billDecider).given(history).thenImpossible();
  });
});
