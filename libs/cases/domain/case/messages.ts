import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, SubjectId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CaseKind, CasePriority } from './service-levels.js';

export type CaseId = Id<'case'>;

/** For whoever works on the case; never personal data. */
export type Facts = Readonly<Record<string, string>>;

export interface CaseContent {
  readonly caseId: CaseId;
  readonly kind: CaseKind;
  readonly tenant: TenantId;
  /** Absent: for the staff of the tenant alone. */
  readonly organisationId?: OrganisationId;
  /** The stream it is about, `payment-<id>`. */
  readonly subject: string;
  readonly facts: Facts;
  /** Account of the payer who complains; whatever is said on the case is sealed for them. Null for an exception. */
  readonly complainant: SubjectId | null;
  /** Null once the complainant's data has been erased, and for an exception. */
  readonly text: string | null;
  readonly openedAt: Instant;
}

/** What every act on an open case carries. */
interface Act {
  /** Derived from the idempotency key; the same one again is the same act. */
  readonly requestId: string;
  /** Account, or `system:<process>`. */
  readonly by: string;
  readonly at: Instant;
}

export interface OpenCase extends CaseContent {
  readonly command: 'open';
}

export interface AssignCase extends Act {
  readonly command: 'assign';
  readonly owner: string;
}

export interface NoteCase extends Act {
  readonly command: 'note';
  readonly text: string;
  readonly facts: Facts;
}

export interface ResolveCase extends Act {
  readonly command: 'resolve';
  readonly text: string;
  readonly facts: Facts;
}

export interface ReopenCase extends Act {
  readonly command: 'reopen';
  readonly text: string;
}

export type ActOnCase = AssignCase | NoteCase | ResolveCase | ReopenCase;
export type CaseCommand = OpenCase | ActOnCase;

export type CaseOpened = DomainEvent<
  'CaseOpened',
  CaseContent & { readonly priority: CasePriority; readonly dueAt: Instant }
>;

interface ActDone {
  readonly caseId: CaseId;
  readonly requestId: string;
  readonly by: string;
}

/** Text on a case, with whom it is sealed for. */
interface Said {
  readonly complainant: SubjectId | null;
  readonly text: string | null;
}

export type CaseAssigned = DomainEvent<
  'CaseAssigned',
  ActDone & { readonly owner: string; readonly assignedAt: Instant }
>;

export type CaseNoted = DomainEvent<
  'CaseNoted',
  ActDone & Said & { readonly facts: Facts; readonly notedAt: Instant }
>;

export type CaseResolved = DomainEvent<
  'CaseResolved',
  ActDone & Said & { readonly facts: Facts; readonly resolvedAt: Instant }
>;

/** The clock starts again. */
export type CaseReopened = DomainEvent<
  'CaseReopened',
  ActDone & Said & { readonly reopenedAt: Instant; readonly dueAt: Instant }
>;

export type CaseEvent = CaseOpened | CaseAssigned | CaseNoted | CaseResolved | CaseReopened;

export type CaseRefusal = Rejection<
  'CASE_NOT_FOUND' | 'CASE_CLOSED' | 'CASE_NOT_RESOLVED' | 'CASE_FULL' | 'IDEMPOTENCY_CONFLICT'
>;
