import { receiptBookAggregate } from '../../codec/index.js';
import type { CapturedPayment } from '../../domain/payment/index.js';
import type { KnownRefund } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { receiptIdOf, seriesOf } from '../pay-bills/complete.js';
import { billStepOf, contextOf, type RefundParts } from './parts.js';

/** The money has gone back; the bills stay settled. */
export async function refundBills(parts: RefundParts, refund: KnownRefund, mover: Mover): Promise<void> {
  await Promise.all(
    refund.lines.map(({ billId, amount }) =>
      parts.bills.refund(billStepOf(refund, mover, 'refundBill', billId), amount),
    ),
  );
}

/** The payment counts no longer: its bills are open again, later payments on them are re-apportioned. */
export async function reverseBills(parts: RefundParts, refund: KnownRefund, mover: Mover): Promise<void> {
  const why = refund.refundKind === 'dishonour' ? 'dishonour' : 'receiptCancel';
  await Promise.all(
    refund.lines.map(({ billId }) => parts.bills.reverse(billStepOf(refund, mover, 'reverse', billId), why)),
  );
}

/** The receipt of the organisation for this payment is void; its number stays used. */
export async function cancelReceipt(
  parts: RefundParts,
  refund: KnownRefund,
  payment: CapturedPayment,
  mover: Mover,
): Promise<void> {
  const { organisationId, paymentId, refundId, reason } = refund;
  const command = {
    kind: 'cancel',
    receiptId: receiptIdOf(paymentId, organisationId),
    paymentId,
    organisationId,
    refundId,
    reason,
    at: parts.runtime.clock.now(),
  } as const;
  const book = `${organisationId}-${seriesOf(payment)}`;
  const context = contextOf(parts, refund, mover, 'cancelReceipt');
  const result = await parts.store.run(receiptBookAggregate, book, command, context);
  if (!result.accepted) {
    throw new Error(`The receipt of payment ${paymentId} cannot be cancelled: ${result.rejection.code}.`);
  }
}
