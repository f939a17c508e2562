import type { BillId } from '#libs/kernel/ids/index.js';
import { sum } from '#libs/kernel/money/index.js';
import type { PayBillsRejectionCode, PaymentStatus, PaymentView, ReceiptView } from '../../contract/index.js';
import { CANCELLED_CODE, type CapturedPayment, type KnownPayment } from '../../domain/payment/index.js';
import type { IssuedReceipt } from '../receipt-desk.js';

/** The payment as it is now, from the write side: the answer to a command never lags. */
export function paymentViewOf(
  payment: KnownPayment,
  receipts: readonly IssuedReceipt[],
  payerNames: ReadonlyMap<BillId, string | null>,
): PaymentView {
  const { charge, funding } = payment;
  return {
    id: payment.paymentId,
    status: statusOf(payment),
    channel: payment.tender.channel,
    total: payment.total,
    ...(charge && { charge }),
    ...(funding && { funding }),
    bills: payment.status === 'captured' && !funding ? payment.paidBills.map(paidBillOf) : [],
    ...(payment.status === 'captured' && payment.change && { change: payment.change }),
    ...(payment.status === 'captured' && refundedOf(payment)),
    ...('reference' in payment && payment.reference !== undefined && { reference: payment.reference }),
    ...('remittanceCode' in payment &&
      payment.remittanceCode !== undefined && { remittanceCode: payment.remittanceCode }),
    ...((payment.status === 'authorising' || payment.status === 'unknown') && {
      expiresAt: payment.authorisation.expiresAt,
    }),
    initiatedAt: payment.initiatedAt,
    ...(payment.status === 'captured' && { capturedAt: payment.capturedAt }),
    ...('failure' in payment && { failure: failureOf(payment.failure) }),
    receipts: receipts.map((receipt) => receiptViewOf(receipt, payerNames)),
  };
}

function refundedOf({ refunds, total }: CapturedPayment): Pick<PaymentView, 'refunded'> {
  const amounts = (refunds?.settled ?? []).flatMap(({ lines }) => lines.map(({ amount }) => amount));
  return amounts.length === 0 ? {} : { refunded: sum(total.asset, amounts) };
}

function statusOf(payment: KnownPayment): PaymentStatus {
  switch (payment.status) {
    case 'initiated':
    case 'authorising':
    case 'authorised':
      return 'AUTHORISING';
    case 'unknown':
      return 'UNKNOWN';
    case 'captured':
      return 'CAPTURED';
    case 'refused':
    case 'failed':
      return payment.failure.code === CANCELLED_CODE ? 'CANCELLED' : 'FAILED';
  }
}

function failureOf({ code, message }: { readonly code: string; readonly message: string }) {
  return { code: code as PayBillsRejectionCode, message };
}

function paidBillOf(
  bill: Extract<KnownPayment, { status: 'captured' }>['paidBills'][number],
): PaymentView['bills'][number] {
  const { billId, organisationId, amount, lateFee, advance } = bill;
  return {
    billId,
    organisationId,
    amount,
    ...(lateFee && { lateFee }),
    ...(advance && { advance: advance.amount }),
  };
}

function receiptViewOf(
  { number, organisationId, content }: IssuedReceipt,
  payerNames: ReadonlyMap<BillId, string | null>,
): ReceiptView {
  const { receiptId, paymentId, total, channel, issuedAt, verificationCode, lines } = content;
  return {
    id: receiptId,
    number,
    organisationId,
    paymentId,
    total,
    channel,
    issuedAt,
    verificationCode,
    status: 'ISSUED',
    lines: lines.map((line) => ({ ...line, payerName: payerNames.get(line.billId) ?? null })),
  };
}
