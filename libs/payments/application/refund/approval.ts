import { hash } from 'node:crypto';
import type { ApprovalKind, ApprovalRequest } from '#libs/approvals/contract/index.js';
import { formatDecimal } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { refundApprovalIdOf } from '../../contract/refunds.js';
import type { KnownRefund, RefundKind, RequestedRefund } from '../../domain/refund/index.js';

/** For a second person to decide, ms: 30 days. */
const OPEN_FOR_MS = 30 * 86_400_000;

/** What a contract gives back asks nobody. */
const KINDS: Readonly<Record<Exclude<RefundKind, 'contract'>, ApprovalKind>> = {
  refund: 'refund',
  receiptCancel: 'receiptCancel',
  dishonour: 'chequeDishonour',
};

export const REFUND_APPROVAL_KINDS: readonly ApprovalKind[] = Object.values(KINDS);

/** What the second person says yes to: every figure of the refund. */
export function payloadOf(refund: KnownRefund): ApprovalRequest['payload'] {
  const { refundId, refundKind, paymentId, organisationId, amount, lines, reason } = refund;
  return {
    refundId,
    act: refundKind,
    paymentId,
    organisationId,
    amount: formatDecimal(amount),
    asset: amount.asset,
    bills: billsOf(lines),
    reason,
  };
}

/** Longest value a checker is shown, characters; a refund of more bills than fit is bound by their hash. */
const LONGEST_BILLS = 1_800;

function billsOf(lines: KnownRefund['lines']): string {
  const text = lines.map((line) => `${line.billId}=${formatDecimal(line.amount)}`).join(' ');
  if (text.length <= LONGEST_BILLS) return text;
  return `${lines.length} bills, SHA-256 ${hash('sha256', text, 'hex')}`;
}

export function approvalRequestOf(refund: RequestedRefund): ApprovalRequest {
  const { refundId, refundKind, tenant, organisationId, maker, reason, requestedAt } = refund;
  if (refundKind === 'contract') throw new Error(`Nobody is asked for refund ${refundId}.`);
  return {
    approvalId: refundApprovalIdOf(refundId),
    kind: KINDS[refundKind],
    tenant,
    organisationId,
    subject: `refund-${refundId}`,
    payload: payloadOf(refund),
    maker,
    reason,
    requestedAt,
    expiresAt: addMs(requestedAt, OPEN_FOR_MS),
  };
}
