/** One bill of ¥100 and what may happen to it; for the specs of its decider. */
import {
  billDecider,
  type BillCommand,
  type BillEvent,
  type BillItem,
  type IssueBill,
} from '#libs/billing/domain/bill/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';

export const yuan = (amount: number) => money(CNY, BigInt(Math.round(amount * 100)));
export const billId = asId<'bill'>('bill-1');
export const tenant = asId<'tenant'>('demo');
export const organisationId = asId<'organisation'>('school-1');
export const [first, second, third] = ['p1', 'p2', 'p3'].map((id) => asId<'payment'>(id)) as [
  PaymentId,
  PaymentId,
  PaymentId,
];

export function item(code: string, amount: number, priority = 1): BillItem {
  const feeItemId = asId<'feeItem'>(`item-${code}`);
  return { feeItemId, code, name: code, category: 'c', glCode: 'g', priority, amount: yuan(amount) };
}

export const issue: IssueBill = {
  kind: 'issue',
  billId,
  tenant,
  organisationId,
  number: '2026-AAAAA-BBBBB',
  payer: { subjectId: asId('s1'), number: '0001', name: '示例学生', group: '1班', grade: '一年级' },
  academicYear: '2026-2027',
  term: '1',
  items: [item('TUITION', 100)],
  waived: yuan(0),
  dueDate: parseLocalDate('2026-09-30'),
  policy: { partialAllowed: true, minimumPartial: yuan(0.01) },
  at: parseInstant('2026-09-01T00:00:00.000Z'),
};

export function issuedWith(change: Partial<IssueBill> = {}): BillEvent {
  const decision = billDecider.decide({ ...issue, ...change }, billDecider.initial);
  if (!decision.accepted) throw new Error(decision.rejection.message);
  return decision.events[0]!;
}

export const issued = issuedWith();
export const reserve = (paymentId: PaymentId, amount?: number): BillCommand => ({
  kind: 'reserve',
  tenant,
  organisationId: undefined,
  paymentId,
  amount: amount === undefined ? undefined : yuan(amount),
});
export const reserved = (paymentId: PaymentId, amount: number, after = amount): BillEvent => ({
  type: 'BillReserved',
  data: { billId, paymentId, amount: yuan(amount), reservedAfter: yuan(after) },
});
export const released = (paymentId: PaymentId, amount: number, after = 0): BillEvent => ({
  type: 'BillReservationReleased',
  data: { billId, paymentId, amount: yuan(amount), reservedAfter: yuan(after) },
});
export const barred = (paymentId: PaymentId): BillEvent => ({
  type: 'BillPaymentBarred',
  data: { billId, paymentId },
});
export const allocated = (
  paymentId: PaymentId,
  amount: number,
  outstanding: number,
  left = 0,
): BillEvent => ({
  type: 'BillPaymentAllocated',
  data: {
    billId,
    paymentId,
    amount: yuan(amount),
    perItem: [{ feeItemId: asId('item-TUITION'), amount: yuan(amount) }],
    outstandingAfter: yuan(outstanding),
    reservedAfter: yuan(left),
    paidAfter: yuan(100 - outstanding),
  },
});
export const cancel: BillCommand = {
  kind: 'cancel',
  tenant,
  organisationId,
  reason: 'mistake',
  requestId: 'r1',
};
export const cancelled: BillEvent = {
  type: 'BillCancelled',
  data: { billId, reason: 'mistake', requestId: 'r1' },
};
