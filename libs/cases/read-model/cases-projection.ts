import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import { privacyEvents } from '#libs/security/privacy/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { caseEvents } from '../codec/index.js';
import type { CaseOpened } from '../domain/case/index.js';
import { caseTable } from './tables.js';

export const casesProjection: Projection = defineProjection({
  name: 'cases',
  version: 1,
  tables: [caseTable],
  parts: [
    on(caseEvents, {
      CaseOpened: putCase,
      CaseAssigned: ({ caseId, owner }, view) => view.patch('case_file', { id: caseId }, { owner }),
      // The history is read from the log.
      CaseNoted: null,
      CaseResolved: ({ caseId, resolvedAt }, view) =>
        view.patch('case_file', { id: caseId }, { status: 'RESOLVED', resolved_at: resolvedAt }),
      CaseReopened: ({ caseId, dueAt }, view) =>
        view.patch('case_file', { id: caseId }, { status: 'OPEN', resolved_at: null, due_at: dueAt }),
    }),
    on(privacyEvents, {
      PersonalDataErased: ({ subjectId }, view) =>
        view.patch('case_file', { complainant: subjectId }, { text: null }),
    }),
  ],
});

function putCase(data: CaseOpened['data'], view: ViewWriter): void {
  view.put('case_file', {
    id: data.caseId,
    tenant: data.tenant,
    organisation_id: data.organisationId ?? null,
    kind: data.kind,
    status: 'OPEN',
    priority: data.priority,
    subject: data.subject,
    facts: JSON.stringify(data.facts),
    complainant: data.complainant,
    text: data.text,
    owner: null,
    opened_at: data.openedAt,
    due_at: data.dueAt,
    resolved_at: null,
  });
}
