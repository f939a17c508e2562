import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { hasRole, type Caller } from '#libs/security/port/index.js';
import type { ApprovalFilter, ApprovalStatus } from '../contract/index.js';
import { APPROVAL_KINDS, checkableKinds } from '../domain/approval/index.js';
import type { ApprovalsTables } from './tables.js';

type Approvals = ExpressionBuilder<ApprovalsTables, 'approval'>;
type Condition = ExpressionWrapper<ApprovalsTables, 'approval', SqlBool>;

/** What the caller may check by role and place, all of their place for an auditor, and whatever they asked for themselves. */
export function visibleTo(caller: Caller): (approvals: Approvals) => Condition {
  const kinds = hasRole(caller, ['auditor']) ? APPROVAL_KINDS : checkableKinds(caller);
  return (approvals) => {
    const place =
      caller.organisation === undefined ? [] : [approvals('organisation_id', '=', caller.organisation)];
    const checked =
      kinds.length === 0 ? approvals.or([]) : approvals.and([approvals('kind', 'in', kinds), ...place]);
    return approvals.and([
      approvals('tenant', '=', caller.tenant),
      approvals.or([checked, approvals('maker_account', '=', caller.accountId)]),
    ]);
  };
}

/** An empty list of kinds or statuses matches nothing. */
export function matching(filter: ApprovalFilter, now: Instant): (approvals: Approvals) => Condition {
  return (approvals) => {
    const conditions: Condition[] = [];
    if (filter.kinds) conditions.push(approvals.or(filter.kinds.map((kind) => approvals('kind', '=', kind))));
    if (filter.statuses) {
      conditions.push(approvals.or(filter.statuses.map((status) => inStatus(approvals, status, now))));
    }
    return approvals.and(conditions);
  };
}

function inStatus(approvals: Approvals, status: ApprovalStatus, now: Instant): Condition {
  switch (status) {
    case 'EXPIRED':
      return approvals.and([
        approvals('status', 'in', ['PENDING', 'GRANTED']),
        approvals('expires_at', '<=', now),
      ]);
    case 'PENDING':
    case 'GRANTED':
      return approvals.and([approvals('status', '=', status), approvals('expires_at', '>', now)]);
    case 'DECLINED':
    case 'VOID':
    case 'USED':
      return approvals('status', '=', status) as Condition;
    default:
      return assertNever(status, 'approval status');
  }
}
