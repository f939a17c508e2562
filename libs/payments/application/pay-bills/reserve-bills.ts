import type { ReservedBill, ReserveBillRejection } from '#libs/billing/contract/index.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { equals, formatDecimal, money } from '#libs/kernel/money/index.js';
import type { Failure, InitiatedPayment } from '../../domain/payment/index.js';
import { billStep, type Mover, type PaymentParts } from './parts.js';

/**
 * `asked`: the one who pays is there and wants it done, so that what is missing is reserved.
 * `left-behind`: nobody is there any more; the payment goes on only if every bill was reserved already.
 */
export type Trigger = 'asked' | 'left-behind';

type Reserved = Outcome<readonly ReservedBill[], FailureAsRejection>;
type FailureAsRejection = Failure & { readonly code: string };

/** Promises every bill's amount to the payment, and checks that the sum is what the payer agreed to. */
export async function reserveBills(
  parts: PaymentParts,
  payment: InitiatedPayment,
  mover: Mover,
  trigger: Trigger,
): Promise<Reserved> {
  const reserved =
    trigger === 'asked' ? await reserveEach(parts, payment, mover) : await confirmEach(parts, payment);
  if (!reserved.accepted) return reserved;
  const actual = reserved.value.reduce((sum, bill) => sum + bill.reserved.amount, 0n);
  const { total } = payment;
  const sameAsset = reserved.value.every((bill) => bill.reserved.asset === total.asset);
  if (sameAsset && equals(money(total.asset, actual), total)) return reserved;
  return refused({
    code: 'AMOUNT_MISMATCH',
    message: 'The bills do not add up to what the payer agreed to.',
    path: ['input', 'expectedTotal'],
    details: { expected: formatDecimal(total), actual: formatDecimal(money(total.asset, actual)) },
  });
}

/** One after the other in the order of bill ids: two payments that share bills never each hold a part the other needs. */
async function reserveEach(parts: PaymentParts, payment: InitiatedPayment, mover: Mover): Promise<Reserved> {
  const { bills } = payment;
  const organisationId = payment.organisationId ?? undefined;
  const reserved: ReservedBill[] = [];
  for (const index of inOrderOfIds(bills)) {
    const { billId, amount } = bills[index]!;
    const step = billStep(payment, mover, 'reserve', { billId, organisationId });
    const outcome = await parts.bills.reserve(step, amount ?? undefined);
    if (!outcome.accepted) return refused(failureOf(outcome.rejection, index));
    reserved[index] = outcome.value;
  }
  return { accepted: true, value: reserved };
}

async function confirmEach({ bills }: PaymentParts, payment: InitiatedPayment): Promise<Reserved> {
  const { paymentId } = payment;
  const found = await Promise.all(payment.bills.map(({ billId }) => bills.reservationOf(billId, paymentId)));
  const reserved = found.filter((bill) => bill !== undefined);
  if (reserved.length === found.length) return { accepted: true, value: reserved };
  return refused({
    code: 'PAYMENT_INTERRUPTED',
    message: 'The payment was interrupted before any money moved.',
  });
}

function inOrderOfIds(bills: InitiatedPayment['bills']): readonly number[] {
  if (bills.length === 1) return [0];
  return bills.map((_, index) => index).sort((a, b) => (bills[a]!.billId < bills[b]!.billId ? -1 : 1));
}

function failureOf({ code, message, details }: ReserveBillRejection, index: number): Failure {
  const path = ['input', 'bills', String(index)];
  // Somebody else has ended this payment; which failure it ended with is in its own stream.
  if (code === 'PAYMENT_ENDED') return { code: 'PAYMENT_INTERRUPTED', message };
  return details ? { code, message, path, details } : { code, message, path };
}

export function refused(failure: Failure): { readonly accepted: false; readonly rejection: Failure } {
  return { accepted: false, rejection: failure };
}
