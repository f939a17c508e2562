import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { TierLimits, WalletTier } from '../wallet/index.js';

/** The same UUID names the approval that the proposal waits for. */
export type LimitProposalId = Id<'limitProposal'>;

/** Limits of one tier from a day on; minor units of CNY, absent: no limit. */
export interface ProposedLimits {
  readonly proposalId: LimitProposalId;
  readonly tier: WalletTier;
  readonly limits: TierLimits;
  readonly from: LocalDate;
}

export type WalletTiersCommand =
  | (ProposedLimits & {
      readonly kind: 'propose';
      readonly tenant: TenantId;
      /** Account id. */
      readonly maker: string;
      readonly reason: string;
      /** The business day it is. */
      readonly today: LocalDate;
      readonly at: Instant;
    })
  | {
      readonly kind: 'approve' | 'decline';
      readonly proposalId: LimitProposalId;
      /** Account id. */
      readonly checker: string;
      readonly today: LocalDate;
      readonly at: Instant;
    };

export type TierLimitsProposed = DomainEvent<
  'TierLimitsProposed',
  ProposedLimits & {
    readonly tenant: TenantId;
    readonly maker: string;
    readonly reason: string;
    readonly proposedAt: Instant;
  }
>;

/** From the day on payments and balances are measured by these. */
export type TierLimitsSet = DomainEvent<
  'TierLimitsSet',
  ProposedLimits & { readonly checker: string; readonly setAt: Instant }
>;

/** `late`: approved when the day had come; limits never change for a day that has begun. */
export type TierLimitsDropped = DomainEvent<
  'TierLimitsDropped',
  {
    readonly proposalId: LimitProposalId;
    readonly why: 'declined' | 'late';
    readonly checker: string;
    readonly droppedAt: Instant;
  }
>;

export type WalletTiersEvent = TierLimitsProposed | TierLimitsSet | TierLimitsDropped;

export type WalletTiersRefusal = Rejection<
  'LIMITS_FOR_THE_PAST' | 'INVALID_LIMITS' | 'IDEMPOTENCY_CONFLICT' | 'PROPOSAL_NOT_FOUND'
>;
