import { assertNever } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { ApprovalStatus, ApprovalView } from '../contract/index.js';
import { mayCheck, type KnownApproval } from '../domain/approval/index.js';

/** Straight from the stream, for the answer to a decision. */
export function approvalViewOf(state: KnownApproval, caller: Caller, now: Instant): ApprovalView {
  const status = statusOf(state, now);
  const { approvalId, kind, organisationId, subject, payload, payloadHash } = state;
  const { maker, reason, requestedAt, expiresAt } = state;
  return {
    id: approvalId,
    kind,
    status,
    ...(organisationId !== undefined && { organisationId }),
    subject,
    payload,
    payloadHash,
    maker,
    reason,
    requestedAt,
    expiresAt,
    ...('decision' in state && state.decision && { decision: state.decision }),
    mayDecide: status === 'PENDING' && mayCheck(caller, state) && maker.personId !== caller.personId,
  };
}

function statusOf(state: KnownApproval, now: Instant): ApprovalStatus {
  switch (state.status) {
    case 'pending':
      return now >= state.expiresAt ? 'EXPIRED' : 'PENDING';
    case 'granted':
      return now >= state.expiresAt ? 'EXPIRED' : 'GRANTED';
    case 'declined':
      return 'DECLINED';
    case 'void':
      return 'VOID';
    case 'used':
      return 'USED';
    default:
      return assertNever(state, 'approval');
  }
}
