/** One bill of ¥100 and what may happen to it; for the specs of its decider. */
import {
  billDecider,
  type BillCommand,
  type BillEvent,
  type BillItem,
  type IssueBill,
} from '#libs/billing/domain/bill/index.js';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';

export const yuan = (amount: number) => money(CNY, BigInt(Math.round(amount * 100)));
/** A day before the bill is due. */
export const asOf = parseLocalDate('2026-09-15');
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

/** The history and what the commands add to it; every one of them must be accepted. */
export function after(
  history: readonly BillEvent[],
  ...commands: readonly BillCommand[]
): readonly BillEvent[] {
  let events = history;
  for (const command of commands) {
    const decision = billDecider.decide(command, fold(billDecider, events));
    if (!decision.accepted) throw new Error(decision.rejection.code);
    events = [...events, ...decision.events];
  }
  return events;
}

export const allocate = (paymentId: PaymentId, amount: number): BillCommand => ({
  kind: 'allocate',
  paymentId,
  amount: yuan(amount),
});
export const adjust = (note: 'credit' | 'debit', amount: number, change: object = {}): BillCommand => ({
  kind: 'adjust',
  tenant,
  organisationId,
  noteId: 'n1',
  note,
  amount: yuan(amount),
  feeItemId: undefined,
  reason: 'why',
  ...change,
});

export const issued = issuedWith();
export const reserve = (paymentId: PaymentId, amount?: number): BillCommand => ({
  kind: 'reserve',
  tenant,
  organisationId: undefined,
  paymentId,
  amount: amount === undefined ? undefined : yuan(amount),
  asOf,
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
