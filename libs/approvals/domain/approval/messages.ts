import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ApprovalKind } from './checkers.js';

export type ApprovalId = Id<'approval'>;

/** An account and the human behind it. */
export interface Person {
  readonly accountId: string;
  readonly personId: string;
}

/** What a second person is asked to agree to. */
export interface RequestContent {
  readonly approvalId: ApprovalId;
  readonly kind: ApprovalKind;
  readonly tenant: TenantId;
  readonly organisationId?: OrganisationId;
  /** The stream that waits, `refund-<id>`. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, string>>;
  /** SHA-256 of the payload's RFC 8785 form, hex. */
  readonly payloadHash: string;
  readonly maker: Person;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
}

export interface RequestApproval extends RequestContent {
  readonly command: 'request';
}

export interface DecideOnRequest {
  readonly command: 'decide';
  /** Of the payload that the checker saw. */
  readonly payloadHash: string;
  readonly grant: boolean;
  readonly checker: Person;
  readonly comment: string;
  readonly at: Instant;
}

export interface UseApproval {
  readonly command: 'use';
  readonly tenant: TenantId;
  /** Of the payload that is about to be acted upon. */
  readonly payloadHash: string;
  /** Names the act, so that asking again for the same act is answered the same. */
  readonly useId: string;
  readonly at: Instant;
}

export interface WithdrawRequest {
  readonly command: 'withdraw';
  readonly tenant: TenantId;
  readonly reason: string;
  readonly at: Instant;
}

export type ApprovalCommand = RequestApproval | DecideOnRequest | UseApproval | WithdrawRequest;

/** Also after an edit: the request as it then stands, for another decision. */
export type ApprovalRequested = DomainEvent<'ApprovalRequested', RequestContent>;

export interface DecisionContent {
  readonly approvalId: ApprovalId;
  readonly kind: ApprovalKind;
  readonly subject: string;
  readonly payloadHash: string;
  readonly checker: Person;
  readonly comment: string;
  readonly decidedAt: Instant;
}

export type ApprovalGranted = DomainEvent<'ApprovalGranted', DecisionContent>;
export type ApprovalDeclined = DomainEvent<'ApprovalDeclined', DecisionContent>;

export type VoidCause = 'edited' | 'withdrawn';

/** Whatever was decided on this payload no longer counts. */
export type ApprovalVoided = DomainEvent<
  'ApprovalVoided',
  {
    readonly approvalId: ApprovalId;
    readonly payloadHash: string;
    readonly cause: VoidCause;
    readonly reason: string;
    readonly voidedAt: Instant;
  }
>;

/** The act was begun under this approval; it is good for no other. */
export type ApprovalUsed = DomainEvent<
  'ApprovalUsed',
  {
    readonly approvalId: ApprovalId;
    readonly payloadHash: string;
    readonly useId: string;
    readonly usedAt: Instant;
  }
>;

export type ApprovalEvent =
  ApprovalRequested | ApprovalGranted | ApprovalDeclined | ApprovalVoided | ApprovalUsed;

export type ApprovalRefusal = Rejection<
  | 'APPROVAL_NOT_FOUND'
  | 'APPROVAL_PENDING'
  | 'APPROVAL_DECLINED'
  | 'APPROVAL_VOID'
  | 'APPROVAL_USED'
  | 'APPROVAL_STALE'
  | 'APPROVAL_CLOSED'
  | 'SAME_PERSON'
  /** The id belongs to a request of another tenant, kind or subject. */
  | 'APPROVAL_OF_ANOTHER_ACT'
>;
