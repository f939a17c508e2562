import { refundApprovalIdOf } from '../../contract/refunds.js';
import type { Person, RejectedRefund, RequestedRefund } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { approvalRequestOf } from './approval.js';
import type { RefundParts } from './parts.js';

export type Checked =
  | { readonly outcome: 'waits' }
  | { readonly outcome: 'agreed'; readonly checker: Person }
  | { readonly outcome: 'refused'; readonly by: 'checker'; readonly code: string; readonly reason: string };

/**
 * Asks for the second person, or finds what they have said: a decision that nobody was told of, because the process died at
 * that moment, is found here, and so is a request that has expired.
 */
export async function secondPerson(
  { approvals, runtime }: RefundParts,
  refund: RequestedRefund,
  { correlationId }: Mover,
): Promise<Checked> {
  const request = approvalRequestOf(refund);
  await approvals.request(request, correlationId);
  const act = { tenant: refund.tenant, payload: request.payload, useId: refund.refundId, correlationId };
  const used = await approvals.use(request.approvalId, act);
  if (used.accepted) return { outcome: 'agreed', checker: used.value.checker };
  const { code, message: reason } = used.rejection;
  switch (code) {
    case 'APPROVAL_PENDING':
      return { outcome: 'waits' };
    case 'APPROVAL_DECLINED':
      return { outcome: 'refused', by: 'checker', code: 'NOT_APPROVED', reason };
    case 'APPROVAL_VOID': {
      const expired = runtime.clock.now() >= request.expiresAt;
      return { outcome: 'refused', by: 'checker', code: expired ? 'APPROVAL_EXPIRED' : code, reason };
    }
    case 'APPROVAL_NOT_FOUND':
    case 'APPROVAL_USED':
      throw new Error(`The approval of refund ${refund.refundId} answers ${code}.`);
  }
}

/** Nobody needs to decide any more. Harmless when nobody was asked. */
export async function withdrawRequest(
  { approvals }: RefundParts,
  { refundId, tenant, why }: RejectedRefund,
  { correlationId }: Mover,
): Promise<void> {
  await approvals.withdraw(refundApprovalIdOf(refundId), { tenant, reason: why, correlationId });
}
