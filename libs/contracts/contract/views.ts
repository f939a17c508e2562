/** Queries about release contracts. Who is neither a party, nor staff of the organisation, nor of the tenant, finds nothing. */
import { Query } from '@nestjs/cqrs';
import type { ContractId, OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { ContractEvent, UnitRef } from '../domain/release-contract/messages.js';
import type { Words } from '../domain/template/types.js';
import type { ContractStatus, ContractSummary, UnitView } from './release-contracts.js';

/** A contract as its stream says now: what a list shows never lags, but which contracts it finds may. */
export type ContractView = ContractSummary;

export interface ContractFilter {
  readonly organisationId?: OrganisationId;
  /** An empty list finds nothing. */
  readonly statuses?: readonly ContractStatus[];
  readonly templateId?: string;
  /** Exactly: `courseOrder-<id>`. */
  readonly subject?: string;
}

/** Running totals of a contract after an event; held = funded − released − refunded, of which frozen stands still. */
export interface ContractFigures {
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly frozen: Money;
}

type DataOf<Type extends ContractEvent['type']> = Extract<ContractEvent, { readonly type: Type }>['data'];

/** The sentences of a timeline; each has a text in every language. */
export type ContractMessageKey =
  | 'contract.drafted'
  | 'contract.signed'
  | 'contract.signed.complete'
  | 'contract.activated'
  | 'contract.amendmentProposed'
  | 'contract.amendmentSigned'
  | 'contract.amendmentWithdrawn'
  | 'contract.amended'
  | 'contract.fundingReserved'
  | 'contract.fundingReleased'
  | `contract.deposited.${DataOf<'FundsDeposited'>['source']['kind']}`
  | `contract.evidence.${'waiting' | 'cooling' | 'due'}`
  | `contract.accrued.${'cooling' | 'due' | 'claim'}`
  | 'contract.confirmed'
  | `contract.approval.${DataOf<'ApprovalRecorded'>['decision']}`
  | 'contract.secretRevealed'
  | 'contract.released'
  | 'contract.released.end'
  | `contract.refunded.${DataOf<'FundsRefunded'>['reason']}`
  | `contract.waived.${DataOf<'EntitlementWaived'>['reason']}`
  | `contract.disputed.${DataOf<'DisputeOpened'>['scope']}`
  | `contract.voted.${DataOf<'VoteRecorded'>['outcome']}`
  | `contract.resolved.${DataOf<'DisputeResolved'>['outcome']}.${DataOf<'DisputeResolved'>['how']}`
  | `contract.timer.${'fundBy' | 'payable' | 'at' | 'step' | 'dispute' | 'end'}`
  | `contract.closing.${DataOf<'ContractClosing'>['reason']}`
  | `contract.closed.${DataOf<'ContractClosed'>['reason']}`;

/** One line of a contract's timeline. */
export interface ContractTimelineEntry {
  readonly eventId: string;
  /** Number of the event within its contract, from 0. */
  readonly seq: number;
  readonly type: ContractEvent['type'];
  readonly at: Instant;
  /** Role and party in whose name it happened; role `system` for what the clock did. */
  readonly by: { readonly role: string; readonly partyId: string };
  /** The rule and unit it is about. */
  readonly unit?: UnitRef & { readonly title: Words };
  readonly amount?: Money;
  readonly totals: ContractFigures;
  /** Status after the event. */
  readonly status: ContractStatus;
  /** Key of a translated sentence and its figures. */
  readonly messageKey: ContractMessageKey;
  readonly details: Readonly<Record<string, string>>;
}

export class ContractById extends Query<ContractView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ContractId,
  ) {
    super();
  }
}

/** Newest first. A payer finds the contracts of the own account, staff those of their organisation or in which it is a party. */
export class ContractsOf extends Query<Page<ContractView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: ContractFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** Oldest first. */
export class ContractTimeline extends Query<Page<ContractTimelineEntry> | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ContractId,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** Every unit there has been, in the order in which they came up. */
export class UnitsOf extends Query<Page<UnitView> | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ContractId,
    readonly page: PageRequest,
  ) {
    super();
  }
}
