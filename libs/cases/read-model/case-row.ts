import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CasePriority, CaseStatus, CaseView } from '../contract/index.js';
import type { CaseKind } from '../domain/case/index.js';
import type { CaseRow } from './tables.js';

export function caseViewOf(row: CaseRow, now: Instant): CaseView {
  return {
    id: asId(row.id),
    kind: row.kind as CaseKind,
    status: row.status as CaseStatus,
    priority: row.priority as CasePriority,
    ...(row.organisation_id !== null && { organisationId: asId<'organisation'>(row.organisation_id) }),
    subject: row.subject,
    facts: JSON.parse(row.facts) as Readonly<Record<string, string>>,
    ...(row.text !== null && { text: row.text }),
    ...(row.owner !== null && { owner: row.owner }),
    openedAt: row.opened_at as Instant,
    dueAt: row.due_at as Instant,
    overdue: row.status === 'OPEN' && row.due_at < now,
    ...(row.resolved_at !== null && { resolvedAt: row.resolved_at as Instant }),
  };
}
