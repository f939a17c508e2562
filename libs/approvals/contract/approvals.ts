/** Maker-checker: one mechanism for every sensitive act. What other contexts and the gateway may see of it. */
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export type ApprovalId = Id<'approval'>;

/** Every act that needs a second person; who may check which is data of the approvals context. */
export type ApprovalKind =
  | 'refund'
  | 'receiptCancel'
  | 'chequeDishonour'
  | 'writeOff'
  | 'walletLimits'
  | 'channelFailureOverride'
  | 'organisationActivation'
  | 'releaseOverride'
  | 'rateRule'
  | 'keyRotation';

/** An account of a person; separation of duties compares the person, never the account. */
export interface Actor {
  readonly accountId: string;
  readonly personId: string;
}

export interface ApprovalRequest {
  /** Derived from the process it is for, so that asking again is the same request. */
  readonly approvalId: ApprovalId;
  readonly kind: ApprovalKind;
  readonly tenant: TenantId;
  /** Absent: an act of the tenant itself. */
  readonly organisationId?: OrganisationId;
  /** What is to be done, `refund-<id>`: the stream that waits for the decision. */
  readonly subject: string;
  /** RFC 8785 canonical JSON of this is hashed (SHA-256); the approval is good for exactly this and is shown to the checker. */
  readonly payload: Readonly<Record<string, string>>;
  readonly maker: Actor;
  readonly reason: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
}

export type ApprovalUseRejection = Rejection<
  'APPROVAL_NOT_FOUND' | 'APPROVAL_PENDING' | 'APPROVAL_DECLINED' | 'APPROVAL_VOID' | 'APPROVAL_USED'
>;

/**
 * For the contexts whose acts need approval; in process, like `BillPaymentSteps`. Bind with `APPROVALS`.
 * Idempotent: the same request or use again changes nothing.
 */
export interface Approvals {
  /** Asks for a second person. The same id with another payload voids the open request and opens it anew under that payload. */
  request(request: ApprovalRequest, correlationId: string): Promise<void>;
  /**
   * Uses the approval up for this act: granted, not expired, same payload, and not used by another `useId` before. The same
   * `useId` again is answered as the first time.
   */
  use(
    approvalId: ApprovalId,
    act: {
      readonly tenant: TenantId;
      readonly payload: ApprovalRequest['payload'];
      readonly useId: string;
      readonly correlationId: string;
    },
  ): Promise<Outcome<{ readonly checker: Actor }, ApprovalUseRejection>>;
  /** The maker's act is off (withdrawn, edited): whatever was decided no longer counts. */
  withdraw(
    approvalId: ApprovalId,
    act: { readonly tenant: TenantId; readonly reason: string; readonly correlationId: string },
  ): Promise<void>;
}

export const APPROVALS = Symbol('APPROVALS');

/**
 * Who waits for decisions of a kind; called by a durable process manager, at least once, after the decision is in the log.
 * Collected by the composition root under `APPROVAL_WAITERS`.
 */
export interface ApprovalWaiter {
  readonly kinds: readonly ApprovalKind[];
  /** Must be idempotent and resolve only when its reaction is durable. */
  decided(decision: {
    readonly approvalId: ApprovalId;
    readonly kind: ApprovalKind;
    readonly subject: string;
    readonly tenant: TenantId;
    readonly granted: boolean;
    readonly checker: Actor;
    readonly comment: string;
    readonly correlationId: string;
  }): Promise<void>;
}

export const APPROVAL_WAITERS = Symbol('APPROVAL_WAITERS');
