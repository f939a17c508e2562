/** Commands and queries of the checkers. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { Actor, ApprovalId, ApprovalKind } from './approvals.js';

/** EXPIRED: neither declined nor used in time. VOID: edited or withdrawn by the maker. */
export type ApprovalStatus = 'PENDING' | 'GRANTED' | 'DECLINED' | 'VOID' | 'USED' | 'EXPIRED';

export interface ApprovalView {
  readonly id: ApprovalId;
  readonly kind: ApprovalKind;
  readonly status: ApprovalStatus;
  readonly organisationId?: OrganisationId;
  /** The stream that waits, `refund-<id>`. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, string>>;
  /** Names exactly this payload; a decision repeats it. */
  readonly payloadHash: string;
  readonly maker: Actor;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  /** Of the payload as it stands. */
  readonly decision?: {
    readonly granted: boolean;
    readonly checker: Actor;
    readonly comment: string;
    readonly decidedAt: Instant;
  };
  /** Whether the caller may decide on it now. */
  readonly mayDecide: boolean;
}

export type DecideApprovalRejection = Rejection<
  'FORBIDDEN' | 'APPROVAL_NOT_FOUND' | 'APPROVAL_STALE' | 'APPROVAL_CLOSED' | 'SAME_PERSON'
>;

/**
 * A second person grants or declines what they were shown. The same decision again is answered as the first time; any
 * other decision on a request that is decided is refused.
 */
export class DecideApproval extends Command<Outcome<ApprovalView, DecideApprovalRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly approvalId: ApprovalId;
      /** Of the payload that the checker saw. */
      readonly payloadHash: string;
      readonly grant: boolean;
      /** At most 500 characters. */
      readonly comment: string;
    },
  ) {
    super();
  }
}

export interface ApprovalFilter {
  readonly kinds?: readonly ApprovalKind[];
  readonly statuses?: readonly ApprovalStatus[];
}

/** Newest first: what the caller may check, what an auditor may see, and what the caller has asked for. */
export class ApprovalsToDecide extends Query<Page<ApprovalView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: ApprovalFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** `undefined` when it does not exist or is not the caller's to see. */
export class ApprovalById extends Query<ApprovalView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ApprovalId,
  ) {
    super();
  }
}
