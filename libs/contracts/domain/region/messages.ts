import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { ParameterValues } from '../template/types.js';

/** The same UUID names the approval that the proposal waits for. */
export type RegionProposalId = Id<'regionProposal'>;

/** What a region sets from a day on: working days, and values of templates' `region` parameters. It takes the place of all before. */
export interface ParameterSet {
  readonly region: string;
  readonly effectiveFrom: LocalDate;
  /** IANA. */
  readonly zone: string;
  /** Days off beside Saturdays and Sundays, ascending. */
  readonly holidays: readonly LocalDate[];
  /** Saturdays and Sundays on which people work, ascending. */
  readonly workingDays: readonly LocalDate[];
  /** By template id, then by parameter. */
  readonly values: Readonly<Record<string, ParameterValues>>;
}

export type RegionCommand =
  | {
      readonly kind: 'propose';
      readonly proposalId: RegionProposalId;
      readonly set: ParameterSet;
      /** SHA-256, hex, of the set's RFC 8785 JSON: tells inputs apart. */
      readonly setHash: string;
      readonly tenant: TenantId;
      /** Account id. */
      readonly maker: string;
      readonly reason: string;
      /** The day it is. */
      readonly today: LocalDate;
      readonly at: Instant;
    }
  | {
      readonly kind: 'approve' | 'decline';
      readonly proposalId: RegionProposalId;
      /** Account id. */
      readonly checker: string;
      readonly today: LocalDate;
      readonly at: Instant;
    };

export type RegionalParametersProposed = DomainEvent<
  'RegionalParametersProposed',
  {
    readonly proposalId: RegionProposalId;
    readonly set: ParameterSet;
    readonly setHash: string;
    readonly tenant: TenantId;
    readonly maker: string;
    readonly reason: string;
    readonly at: Instant;
  }
>;

/** Contracts drafted from the day on are filled in with these; working days are counted by them. */
export type RegionalParametersSet = DomainEvent<
  'RegionalParametersSet',
  {
    readonly proposalId: RegionProposalId;
    readonly set: ParameterSet;
    readonly checker: string;
    readonly at: Instant;
  }
>;

/** `late`: approved when the day had come; a day that has begun keeps its parameters. */
export type RegionalParametersDropped = DomainEvent<
  'RegionalParametersDropped',
  {
    readonly proposalId: RegionProposalId;
    readonly why: 'declined' | 'late';
    readonly checker: string;
    readonly at: Instant;
  }
>;

export type RegionEvent = RegionalParametersProposed | RegionalParametersSet | RegionalParametersDropped;

export type RegionRefusal = Rejection<
  'PARAMETERS_FOR_THE_PAST' | 'IDEMPOTENCY_CONFLICT' | 'PROPOSAL_NOT_FOUND'
>;
