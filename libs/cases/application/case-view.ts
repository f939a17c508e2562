import type { Instant } from '#libs/kernel/time/index.js';
import type { CaseView } from '../contract/index.js';
import { SERVICE_LEVELS, type KnownCase } from '../domain/case/index.js';

/** Straight from the stream, for the answer to an act. */
export function caseViewOf(state: KnownCase, now: Instant): CaseView {
  const { caseId, kind, organisationId, subject, facts, text, owner, openedAt, dueAt, resolvedAt } = state;
  const isOpen = state.status === 'open';
  return {
    id: caseId,
    kind,
    status: isOpen ? 'OPEN' : 'RESOLVED',
    priority: SERVICE_LEVELS[kind].priority,
    ...(organisationId !== undefined && { organisationId }),
    subject,
    facts,
    ...(text !== null && { text }),
    ...(owner !== undefined && { owner }),
    openedAt,
    dueAt,
    overdue: isOpen && dueAt < now,
    ...(resolvedAt !== undefined && { resolvedAt }),
  };
}
