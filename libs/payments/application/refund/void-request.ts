import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid, type PaymentId } from '#libs/kernel/ids/index.js';
import { paymentAggregate, receiptBookAggregate, refundAggregate } from '../../codec/index.js';
import { refundableOf, type CapturedPayment, type Channel } from '../../domain/payment/index.js';
import { isCancelled } from '../../domain/receipt-book/index.js';
import type { KnownRefund } from '../../domain/refund/index.js';
import { seriesOf } from '../pay-bills/complete.js';
import { askForRefund, refundIdOf, type Asked } from './ask-for-refund.js';
import type { RefundProcess } from './refund-process.js';

export type VoidRejection = Rejection<
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_NOT_FOUND'
  | 'RECEIPT_CANCELLED'
  | 'PAYMENT_REFUNDED'
  | 'PAYMENT_OVERPAID'
  | 'REFUND_THROUGH_CONTRACT'
>;

type Voided = KnownRefund & { readonly channel: Channel };

/** Voids what a payment did for one organisation: all of it or nothing, so that no part of it was refunded before. */
export async function askToVoid(
  process: RefundProcess,
  asked: Omit<Asked, 'payment' | 'lines'> & { readonly paymentId: PaymentId },
): Promise<Outcome<Voided, VoidRejection>> {
  const { context, organisationId, paymentId, operation, idempotencyKey } = asked;
  if (!isUuid(paymentId)) return NOT_FOUND;
  const { state: payment } = await process.parts.store.load(paymentAggregate, paymentId);
  if (payment.status !== 'captured' || payment.tenant !== context.caller.tenant) return NOT_FOUND;
  const lines = payment.paidBills
    .filter((bill) => bill.organisationId === organisationId)
    .map(({ billId, amount }) => ({ billId, amount }));
  if (lines.length === 0) return NOT_FOUND;
  if (payment.funding) return THROUGH_CONTRACT;
  const refundId = refundIdOf(context.caller, operation, idempotencyKey);
  const { state: known } = await process.parts.store.load(refundAggregate, refundId);
  if (known.status === 'absent') {
    const refusal = await refusalOf(process, payment, organisationId);
    if (refusal) return refusal;
  }
  const result = await askForRefund(process, { ...asked, payment, lines });
  if (!result.accepted) return result;
  const refund = result.value;
  if (refund.status === 'rejected' && refund.by === 'payment') return PARTLY_REFUNDED;
  return { accepted: true, value: { ...refund, channel: payment.tender.channel } };
}

async function refusalOf(
  process: RefundProcess,
  payment: CapturedPayment,
  organisationId: Asked['organisationId'],
): Promise<Outcome<never, VoidRejection> | undefined> {
  const book = `${organisationId}-${seriesOf(payment)}`;
  const { state } = await process.parts.store.load(receiptBookAggregate, book);
  if (isCancelled(state, payment.paymentId)) return CANCELLED;
  const overpaid = payment.paidBills.some((bill) => bill.organisationId === organisationId && bill.advance);
  // Voiding the bills' part alone would leave an advance that no money stands for.
  if (overpaid) return OVERPAID;
  const untouched = payment.paidBills.every(
    ({ billId, amount, organisationId: of }) =>
      of !== organisationId || refundableOf(payment, billId).amount === amount.amount,
  );
  return untouched ? undefined : PARTLY_REFUNDED;
}

function refused(code: VoidRejection['code'], message: string): Outcome<never, VoidRejection> {
  return { accepted: false, rejection: { code, message } };
}

const NOT_FOUND = refused('PAYMENT_NOT_FOUND', 'There is no such payment.');
const THROUGH_CONTRACT = refused(
  'REFUND_THROUGH_CONTRACT',
  'The money lies in a contract and comes back through it.',
);
const CANCELLED = refused('RECEIPT_CANCELLED', 'The receipt was cancelled before.');
const OVERPAID = refused('PAYMENT_OVERPAID', 'Part of the payment lies in the payer’s advance.');
const PARTLY_REFUNDED = refused('PAYMENT_REFUNDED', 'Part of the payment has gone back or is about to.');
