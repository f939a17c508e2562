import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ContractStatus } from '../release-contract/messages.js';

export type MassRefundId = Id<'massRefund'>;

/** An account of a person; who approves is another person. */
export interface Actor {
  readonly accountId: string;
  readonly personId: string;
}

/** What is to be wound up: every live contract of an organisation that has failed. */
export interface MassRefundScope {
  readonly massRefundId: MassRefundId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** The authority that asks, and then only contracts that it is a party of; null: the platform's own operations. */
  readonly authorityId: OrganisationId | null;
  readonly reason: string;
  readonly requester: Actor;
  readonly approvalId: string;
  /** As the second person was shown it. */
  readonly contracts: number;
}

/** What became of one contract. Minor units of its asset. */
export interface WoundUp {
  readonly contractId: ContractId;
  readonly templateId: string;
  readonly subject: string;
  /** Who paid it in: the party of the funding role, an account id or an organisation's id. */
  readonly funder: string;
  readonly asset: Asset;
  readonly heldBefore: bigint;
  /** Given back to the funder. */
  readonly refunded: bigint;
  /** Paid to its payees in the same step, because it was due. */
  readonly released: bigint;
  /** Earned and not due yet: stays in custody until it is paid or its dispute is decided. heldBefore = refunded + released + owed. */
  readonly owed: bigint;
  readonly status: ContractStatus;
  /** Why nothing was done: `CONTRACT_FROZEN`. */
  readonly code: string | null;
}

export type MassRefundCommand =
  | ({ readonly kind: 'request'; readonly at: Instant; readonly expiresAt: Instant } & MassRefundScope)
  | { readonly kind: 'decline'; readonly checker: Actor; readonly at: Instant }
  | { readonly kind: 'approve'; readonly checker: Actor; readonly at: Instant }
  /** A page of the walk over the contracts, in order of their ids. */
  | {
      readonly kind: 'record';
      readonly round: Round;
      readonly after: ContractId;
      readonly outcomes: readonly WoundUp[];
      readonly at: Instant;
    }
  | { readonly kind: 'complete'; readonly at: Instant };

/** From 1: walks over the contracts until one finds nothing to do; `left`: the last one notes what could not be wound up. */
export type Round = number | 'left';

export interface Figures {
  /** Contracts walked past so far. */
  readonly contracts: number;
  /** Of them such as could not be wound up. */
  readonly left: number;
  readonly sums: readonly Sums[];
}

export interface Sums {
  readonly asset: Asset;
  readonly heldBefore: bigint;
  readonly refunded: bigint;
  readonly released: bigint;
  readonly owed: bigint;
}

type Happened<Type extends string, Data> = DomainEvent<
  Type,
  { readonly massRefundId: MassRefundId; readonly at: Instant } & Data
>;

export type MassRefundRequested = Happened<
  'MassRefundRequested',
  MassRefundScope & { readonly expiresAt: Instant }
>;
export type MassRefundDeclined = Happened<'MassRefundDeclined', { readonly checker: Actor }>;
export type MassRefundApproved = Happened<'MassRefundApproved', { readonly checker: Actor }>;
export type MassRefundProgressed = Happened<
  'MassRefundProgressed',
  {
    readonly round: Round;
    readonly after: ContractId;
    readonly outcomes: readonly WoundUp[];
    /** As they are after it. */
    readonly figures: Figures;
  }
>;
export type MassRefundCompleted = Happened<'MassRefundCompleted', { readonly figures: Figures }>;

export type MassRefundEvent =
  MassRefundRequested | MassRefundDeclined | MassRefundApproved | MassRefundProgressed | MassRefundCompleted;

export type MassRefundRefusal = Rejection<'MASS_REFUND_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>;
