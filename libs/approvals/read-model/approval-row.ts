import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { ApprovalStatus, ApprovalView } from '../contract/index.js';
import { mayCheck, type ApprovalKind } from '../domain/approval/index.js';
import type { ApprovalRow } from './tables.js';

export function approvalViewOf(row: ApprovalRow, caller: Caller, now: Instant): ApprovalView {
  const kind = row.kind as ApprovalKind;
  const place =
    row.organisation_id === null ? {} : { organisationId: asId<'organisation'>(row.organisation_id) };
  const status = statusOf(row, now);
  return {
    id: asId(row.id),
    kind,
    status,
    ...place,
    subject: row.subject,
    payload: JSON.parse(row.payload) as Readonly<Record<string, string>>,
    payloadHash: row.payload_hash,
    maker: { accountId: row.maker_account, personId: row.maker_person },
    reason: row.reason,
    requestedAt: row.requested_at as Instant,
    expiresAt: row.expires_at as Instant,
    ...decisionOf(row),
    mayDecide:
      status === 'PENDING' && mayCheck(caller, { kind, ...place }) && row.maker_person !== caller.personId,
  };
}

/** As of now: what waits or was granted is worth nothing after its time. */
function statusOf({ status, expires_at }: ApprovalRow, now: Instant): ApprovalStatus {
  const isOpen = status === 'PENDING' || status === 'GRANTED';
  return isOpen && now >= expires_at ? 'EXPIRED' : (status as ApprovalStatus);
}

function decisionOf(row: ApprovalRow): Pick<ApprovalView, 'decision'> {
  if (row.checker_account === null || row.checker_person === null || row.decided_at === null) return {};
  return {
    decision: {
      granted: row.granted === 1,
      checker: { accountId: row.checker_account, personId: row.checker_person },
      comment: row.comment ?? '',
      decidedAt: row.decided_at as Instant,
    },
  };
}
