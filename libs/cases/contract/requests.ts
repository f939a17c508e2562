/** Commands and queries of those who complain and those who help. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { BillId, OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { CaseId, CaseKind } from './cases.js';

export type CasePriority = 'urgent' | 'high' | 'normal';
export type CaseStatus = 'OPEN' | 'RESOLVED';

export interface CaseView {
  readonly id: CaseId;
  readonly kind: CaseKind;
  readonly status: CaseStatus;
  readonly priority: CasePriority;
  readonly organisationId?: OrganisationId;
  /** The stream it is about, `payment-<id>`. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, string>>;
  /** What the payer complains about. Absent for an exception, and once the payer's data has been erased. */
  readonly text?: string;
  /** Account of whoever works on it. */
  readonly owner?: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  /** Open past `dueAt`, as of the question. */
  readonly overdue: boolean;
  readonly resolvedAt?: Instant;
}

export interface CaseHistoryEntry {
  readonly eventId: string;
  readonly revision: number;
  /** `CaseAssigned` */
  readonly type: string;
  /** Of the sentence, with `details` to fill in. */
  readonly messageKey: string;
  readonly details: Readonly<Record<string, string>>;
  readonly at: Instant;
  /** Account, or `system:<process>`. */
  readonly actor: string;
  /** Null once the complainant's data has been erased, and where nothing was said. */
  readonly text: string | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** A payer's own payment, or a bill that they paid or can name by payer number and full name. */
export type ComplaintAbout =
  | { readonly paymentId: PaymentId }
  | {
      readonly billId: BillId;
      /** All three for a bill on which the payer has paid nothing yet. */
      readonly organisationId?: OrganisationId;
      readonly payerNumber?: string;
      readonly payerName?: string;
    };

/** Role `payer`. Idempotent by key for good. */
export class OpenComplaint extends Command<
  Outcome<CaseView, Rejection<'FORBIDDEN' | 'PAYMENT_NOT_FOUND' | 'BILL_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly about: ComplaintAbout;
      /** 1 to 2,000 characters. Personal data: sealed for the account. */
      readonly text: string;
    },
  ) {
    super();
  }
}

type ActRejection = 'FORBIDDEN' | 'CASE_NOT_FOUND' | 'CASE_FULL' | 'IDEMPOTENCY_CONFLICT';

interface CaseAct {
  readonly idempotencyKey: string;
  readonly caseId: CaseId;
}

/** Roles `supervisor` and `ops`. Without `owner` the caller takes the case. */
export class AssignCase extends Command<Outcome<CaseView, Rejection<ActRejection | 'CASE_CLOSED'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: CaseAct & { readonly owner?: string },
  ) {
    super();
  }
}

/** Roles `supervisor` and `ops`, and the payer on their own complaint. */
export class NoteCase extends Command<Outcome<CaseView, Rejection<ActRejection | 'CASE_CLOSED'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: CaseAct & { readonly text: string },
  ) {
    super();
  }
}

/** Roles `supervisor` and `ops`; never on one's own complaint. */
export class ResolveCase extends Command<Outcome<CaseView, Rejection<ActRejection | 'CASE_CLOSED'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: CaseAct & { readonly text: string },
  ) {
    super();
  }
}

/** Roles `supervisor` and `ops`, and the payer on their own complaint. */
export class ReopenCase extends Command<Outcome<CaseView, Rejection<ActRejection | 'CASE_NOT_RESOLVED'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: CaseAct & { readonly text: string },
  ) {
    super();
  }
}

export interface CaseFilter {
  readonly kinds?: readonly CaseKind[];
  readonly statuses?: readonly CaseStatus[];
  readonly overdue?: boolean;
  /** Account. */
  readonly owner?: string;
}

/** Next due first: of their place for supervisor, ops and auditor; a payer's own complaints. */
export class CasesOf extends Query<Page<CaseView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: CaseFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** `undefined` when it does not exist or is not the caller's to see. */
export class CaseById extends Query<CaseView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CaseId,
  ) {
    super();
  }
}

/** Everything that happened to a case, oldest first; `undefined` as for `CaseById`. */
export class CaseHistory extends Query<readonly CaseHistoryEntry[] | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CaseId,
  ) {
    super();
  }
}
