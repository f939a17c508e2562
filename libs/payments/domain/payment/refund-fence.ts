import { accept, reject, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { BillId, RefundId } from '#libs/kernel/ids/index.js';
import { formatDecimal, money, type Money } from '#libs/kernel/money/index.js';
import type { PaymentEvent, PaymentRefusal } from './messages.js';
import type { RefundCommand, RefundLine } from './refund-messages.js';
import { notFound } from './refusals.js';
import type { CapturedPayment, PaymentState, RefundFence } from './state.js';

type RefundDecision = Decision<PaymentEvent, PaymentRefusal>;
type Of<Kind extends RefundCommand['kind']> = Extract<RefundCommand, { kind: Kind }>;

const NOTHING: RefundFence = { held: [], settled: [], released: [] };

/**
 * Refunds of one payment, fenced where they meet: whatever refunds run at once, what they hold and what they have given
 * back is never more than was paid, per bill and in all.
 */
export function decideOnRefund(command: RefundCommand, state: PaymentState): RefundDecision {
  if (state.status === 'absent') return notFound();
  if (state.status !== 'captured') {
    return reject({ code: 'PAYMENT_NOT_CAPTURED', message: 'Only money that was taken can go back.' });
  }
  switch (command.kind) {
    case 'holdRefund':
      return hold(command, state);
    case 'releaseRefund':
      return release(command, state);
    case 'settleRefund':
      return settle(command, state);
    default:
      return assertNever(command, 'refund command');
  }
}

/** What can still be given back of the payment: paid on bills, less what refunds hold or have given back. */
export function refundableOf(payment: CapturedPayment, billId?: BillId): Money {
  let minor = 0n;
  for (const bill of payment.paidBills) {
    if (billId === undefined || bill.billId === billId) minor += bill.amount.amount;
  }
  const { held, settled } = payment.refunds ?? NOTHING;
  for (const { lines } of [...held, ...settled]) {
    for (const line of lines) if (billId === undefined || line.billId === billId) minor -= line.amount.amount;
  }
  return money(payment.total.asset, minor);
}

function hold({ refundId, lines, at }: Of<'holdRefund'>, payment: CapturedPayment): RefundDecision {
  if (payment.funding) {
    return reject({
      code: 'REFUND_THROUGH_CONTRACT',
      message: 'The money lies in a contract and comes back through it.',
    });
  }
  const { held, settled, released } = payment.refunds ?? NOTHING;
  const known = find(held, refundId) ?? find(settled, refundId);
  if (known) {
    if (sameLines(known, lines)) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The refund holds other amounts already.' });
  }
  if (released.includes(refundId)) return refundEnded();
  const distinct = new Set(lines.map(({ billId }) => billId)).size === lines.length;
  for (const { billId, amount } of lines) {
    const refundable = refundableOf(payment, billId);
    const fits =
      amount.asset === refundable.asset && amount.amount > 0n && amount.amount <= refundable.amount;
    if (!fits || !distinct) return exceeds(refundable, billId);
  }
  if (lines.length === 0) return exceeds(refundableOf(payment));
  const amount = total(payment, lines);
  const refundableAfter = money(amount.asset, refundableOf(payment).amount - amount.amount);
  const { paymentId } = payment;
  const data = { paymentId, refundId, lines, amount, refundableAfter, heldAt: at };
  return accept({ type: 'PaymentRefundHeld', data });
}

function release({ refundId, at }: Of<'releaseRefund'>, payment: CapturedPayment): RefundDecision {
  const { held, settled, released } = payment.refunds ?? NOTHING;
  if (released.includes(refundId)) return accept();
  if (find(settled, refundId)) return refundEnded();
  const amount = total(payment, find(held, refundId) ?? []);
  const refundableAfter = money(amount.asset, refundableOf(payment).amount + amount.amount);
  const { paymentId } = payment;
  const data = { paymentId, refundId, amount, refundableAfter, releasedAt: at };
  return accept({ type: 'PaymentRefundReleased', data });
}

function settle({ refundId, at }: Of<'settleRefund'>, payment: CapturedPayment): RefundDecision {
  const { held, settled, released } = payment.refunds ?? NOTHING;
  if (find(settled, refundId)) return accept();
  if (released.includes(refundId)) return refundEnded();
  const lines = find(held, refundId);
  if (!lines) return reject({ code: 'REFUND_NOT_HELD', message: 'The refund has set nothing aside.' });
  const amount = total(payment, lines);
  const before = settled.flatMap((refund) => refund.lines);
  const refundedAfter = money(amount.asset, total(payment, before).amount + amount.amount);
  const { paymentId } = payment;
  const data = { paymentId, refundId, lines, amount, refundedAfter, settledAt: at };
  return accept({ type: 'PaymentRefunded', data });
}

type RefundFact = Extract<
  PaymentEvent,
  { type: 'PaymentRefundHeld' | 'PaymentRefundReleased' | 'PaymentRefunded' }
>;

export function evolveRefunds(payment: CapturedPayment, event: RefundFact): CapturedPayment {
  const fence = payment.refunds ?? NOTHING;
  const { refundId } = event.data;
  const held = fence.held.filter((refund) => refund.refundId !== refundId);
  switch (event.type) {
    case 'PaymentRefundHeld': {
      const { lines } = event.data;
      return { ...payment, refunds: { ...fence, held: [...held, { refundId, lines }] } };
    }
    case 'PaymentRefundReleased':
      return { ...payment, refunds: { ...fence, held, released: [...fence.released, refundId] } };
    case 'PaymentRefunded': {
      const { lines } = event.data;
      return { ...payment, refunds: { ...fence, held, settled: [...fence.settled, { refundId, lines }] } };
    }
    default:
      return assertNever(event, 'refund event');
  }
}

function find(refunds: RefundFence['held'], refundId: RefundId): readonly RefundLine[] | undefined {
  return refunds.find((refund) => refund.refundId === refundId)?.lines;
}

function sameLines(one: readonly RefundLine[], other: readonly RefundLine[]): boolean {
  const textOf = (lines: readonly RefundLine[]): string =>
    lines
      .map(({ billId, amount }) => `${billId} ${amount.asset} ${amount.amount}`)
      .sort()
      .join();
  return textOf(one) === textOf(other);
}

function total({ total: { asset } }: CapturedPayment, lines: readonly RefundLine[]): Money {
  return money(
    asset,
    lines.reduce((sum, { amount }) => sum + amount.amount, 0n),
  );
}

function exceeds(refundable: Money, billId?: BillId): RefundDecision {
  const details = { refundable: formatDecimal(refundable), ...(billId && { billId }) };
  return reject({
    code: 'REFUND_EXCEEDS_PAYMENT',
    message: 'No more can go back than was paid and not given back yet.',
    details,
  });
}

function refundEnded(): RefundDecision {
  return reject({ code: 'REFUND_ENDED', message: 'The refund has ended.' });
}
