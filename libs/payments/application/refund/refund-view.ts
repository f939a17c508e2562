import type { RefundKind as Kind, RefundStatus, RefundView } from '../../contract/refunds.js';
import type { Channel } from '../../domain/payment/index.js';
import type { KnownRefund, RefundKind } from '../../domain/refund/index.js';

export const KIND_SHOWN: Readonly<Record<RefundKind, Kind>> = {
  refund: 'REFUND',
  receiptCancel: 'RECEIPT_CANCEL',
  dishonour: 'CHEQUE_DISHONOUR',
  contract: 'CONTRACT',
};

const STATUS_SHOWN: Readonly<Record<KnownRefund['status'], RefundStatus>> = {
  requested: 'REQUESTED',
  approved: 'APPROVED',
  sent: 'SENT',
  returned: 'RETURNED',
  rejected: 'REJECTED',
};

/** The refund as it is now, from the write side: the answer to a command never lags. */
export function refundViewOf(refund: KnownRefund, channel: Channel): RefundView {
  const checker = 'checker' in refund ? refund.checker?.accountId : undefined;
  return {
    id: refund.refundId,
    kind: KIND_SHOWN[refund.refundKind],
    status: STATUS_SHOWN[refund.status],
    paymentId: refund.paymentId,
    organisationId: refund.organisationId,
    amount: refund.amount,
    lines: refund.lines,
    channel,
    reason: refund.reason,
    maker: refund.maker.accountId,
    ...(checker !== undefined && { checker }),
    approvalNeeded: refund.approvalNeeded,
    ...(refund.status === 'rejected' && { rejection: { code: refund.code, message: refund.why } }),
    ...(refund.status === 'returned' && { reference: refund.reference }),
    cameBack: refund.status === 'returned' && refund.cameBack,
    requestedAt: refund.requestedAt,
  };
}
