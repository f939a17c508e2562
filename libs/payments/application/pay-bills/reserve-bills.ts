import type { ReservedBill } from '#libs/billing/contract/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { compare, equals, formatDecimal, money, subtract } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { AskedBill, AuthorisedPayment, Failure, InitiatedPayment } from '../../domain/payment/index.js';
import { duesOf } from './dues.js';
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
  const { total, charge } = payment;
  const actual = reserved.value.reduce(
    (sum, bill) => sum + bill.reserved.amount + bill.advance.amount,
    charge?.amount ?? 0n,
  );
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
  // A quote's day is its price; without one the price is today's.
  const asOf = payment.quote?.asOf ?? localDateOf(parts.runtime.clock.now());
  const dues = duesOf(parts, payment);
  const reserved: ReservedBill[] = [];
  for (const index of inOrderOfIds(bills)) {
    const { billId, amount, quotedDue } = bills[index]!;
    const step = billStep(payment, mover, 'reserve', { billId, organisationId });
    const outcome = await dues.reserve(step, {
      amount: amount ?? undefined,
      asOf,
      ...(quotedDue && { quotedDue }),
    });
    if (!outcome.accepted) return refused(failureOf(outcome.rejection, pathOf(payment, index)));
    reserved[index] = outcome.value;
  }
  return { accepted: true, value: reserved };
}

/** What the payment has reserved already, for whoever goes on with it later. */
export async function confirmEach(
  parts: PaymentParts,
  payment: InitiatedPayment | AuthorisedPayment,
): Promise<Reserved> {
  const { paymentId } = payment;
  const dues = duesOf(parts, payment);
  const found = await Promise.all(payment.bills.map(({ billId }) => dues.reservationOf(billId, paymentId)));
  const reserved = found.flatMap((bill, index) => (bill ? [withAdvance(bill, payment.bills[index]!)] : []));
  if (reserved.length === found.length) return { accepted: true, value: reserved };
  return refused({
    code: 'PAYMENT_INTERRUPTED',
    message: 'The payment was interrupted before any money moved.',
  });
}

/** The bill keeps what it is owed; what was asked for beyond that is the advance. */
function withAdvance(bill: ReservedBill, { amount }: AskedBill): ReservedBill {
  if (!amount || compare(amount, bill.reserved) <= 0) return bill;
  return { ...bill, advance: subtract(amount, bill.reserved) };
}

function inOrderOfIds(bills: InitiatedPayment['bills']): readonly number[] {
  if (bills.length === 1) return [0];
  return bills.map((_, index) => index).sort((a, b) => (bills[a]!.billId < bills[b]!.billId ? -1 : 1));
}

function pathOf({ funding }: InitiatedPayment, index: number): readonly string[] {
  return funding ? ['input', 'contractId'] : ['input', 'bills', String(index)];
}

function failureOf({ code, message, details }: Rejection, path: readonly string[]): Failure {
  // Somebody else has ended this payment; which failure it ended with is in its own stream.
  if (code === 'PAYMENT_ENDED') return { code: 'PAYMENT_INTERRUPTED', message };
  return details ? { code, message, path, details } : { code, message, path };
}

export function refused(failure: Failure): { readonly accepted: false; readonly rejection: Failure } {
  return { accepted: false, rejection: failure };
}
