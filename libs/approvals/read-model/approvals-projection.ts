import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { approvalEvents } from '../codec/index.js';
import type { DecisionContent, RequestContent } from '../domain/approval/index.js';
import { approvalTable } from './tables.js';

export const approvalsProjection: Projection = defineProjection({
  name: 'approvals',
  version: 1,
  tables: [approvalTable],
  parts: [
    on(approvalEvents, {
      ApprovalRequested: putRequest,
      ApprovalGranted: (data, view) => patchDecision(data, view, true),
      ApprovalDeclined: (data, view) => patchDecision(data, view, false),
      ApprovalVoided: ({ approvalId }, view) => patchStatus(view, approvalId, 'VOID'),
      ApprovalUsed: ({ approvalId }, view) => patchStatus(view, approvalId, 'USED'),
    }),
  ],
});

/** Replaces the row after an edit: what was decided on the former payload no longer shows. */
function putRequest(data: RequestContent, view: ViewWriter): void {
  view.put('approval', {
    id: data.approvalId,
    tenant: data.tenant,
    organisation_id: data.organisationId ?? null,
    kind: data.kind,
    subject: data.subject,
    payload: JSON.stringify(data.payload),
    payload_hash: data.payloadHash,
    maker_account: data.maker.accountId,
    maker_person: data.maker.personId,
    reason: data.reason,
    status: 'PENDING',
    requested_at: data.requestedAt,
    expires_at: data.expiresAt,
    granted: null,
    checker_account: null,
    checker_person: null,
    comment: null,
    decided_at: null,
  });
}

function patchDecision(data: DecisionContent, view: ViewWriter, granted: boolean): void {
  const { approvalId, checker, comment, decidedAt } = data;
  const columns = {
    status: granted ? 'GRANTED' : 'DECLINED',
    granted,
    checker_account: checker.accountId,
    checker_person: checker.personId,
    comment,
    decided_at: decidedAt,
  };
  view.patch('approval', { id: approvalId }, columns);
}

function patchStatus(view: ViewWriter, id: string, status: 'VOID' | 'USED'): void {
  view.patch('approval', { id }, { status });
}
