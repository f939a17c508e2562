import type { BillId } from '#libs/kernel/ids/index.js';
import type { PaymentView, ReceiptView } from '../../contract/index.js';
import type { CapturedPayment } from '../../domain/payment/index.js';
import type { IssuedReceipt } from '../receipt-desk.js';

/** The payment as it is now, from the write side: the answer to a command never lags. */
export function paymentViewOf(
  payment: CapturedPayment,
  receipts: readonly IssuedReceipt[],
  payerNames: ReadonlyMap<BillId, string | null>,
): PaymentView {
  return {
    id: payment.paymentId,
    status: 'CAPTURED',
    channel: payment.tender.channel,
    total: payment.total,
    bills: payment.paidBills.map(({ billId, organisationId, amount }) => ({
      billId,
      organisationId,
      amount,
    })),
    ...(payment.change && { change: payment.change }),
    initiatedAt: payment.initiatedAt,
    capturedAt: payment.capturedAt,
    receipts: receipts.map((receipt) => receiptViewOf(receipt, payerNames)),
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
    lines: lines.map((line) => ({ ...line, payerName: payerNames.get(line.billId) ?? null })),
  };
}
