import type { SortedMap } from '#libs/kernel/collections/index.js';
import type { ContractId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { AccountPath } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ParameterValues, Template } from '../template/types.js';
import type { Condition, DisputeOutcome, Role, RuleId, Terms } from '../terms/types.js';
import type { ContractClosing, ContractStatus, Party, UnitRef } from './messages.js';
import type { Decimal } from './values.js';

/** One release contract as its stream says; amounts are minor units of its asset. */
export type ContractState = NoContract | LiveContract | EndedContract;

export interface NoContract {
  readonly status: 'absent';
}

export type EndedStatus = 'completed' | 'cancelled' | 'refunded' | 'expired';
/** `frozen`: a dispute about everything held; one about a rule or a unit leaves the status as it is. */
export type LiveContract = Contract & { readonly status: Exclude<ContractStatus, EndedStatus> };
/** Nothing is held and nothing will ever happen to it. */
export type EndedContract = Contract & { readonly status: EndedStatus };

export interface Contract {
  readonly status: ContractStatus;
  readonly contractId: ContractId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly inputHash: string;
  readonly subject: string;
  readonly region: string;
  readonly template: Template;
  readonly params: ParameterValues;
  readonly docHash: string;
  readonly parties: readonly Party[];
  readonly terms: Terms;
  /** Beside `terms.rules`, index by index. */
  readonly plans: readonly RulePlan[];
  readonly rules: readonly RuleBook[];
  /** Rules that an amendment took out; nothing of theirs is open. */
  readonly retired: readonly RuleBook[];
  /** Number of events so far: the next event's `seq`. */
  readonly seq: number;
  readonly draftedAt: Instant;
  /** Of the last event. */
  readonly at: Instant;
  readonly signed: readonly Role[];
  readonly fundBy: Instant;
  readonly endsAt: Instant;
  readonly activatedAt: Instant | null;
  /** Timers that fire once and have. */
  readonly fundByFired: boolean;
  readonly endFired: boolean;
  readonly funded: bigint;
  readonly released: bigint;
  readonly refunded: bigint;
  /** What counts as never paid in: part of `refunded` that amendments gave back, and money that came in force from other contracts. */
  readonly givenBack: bigint;
  /** Whether a contract that is funded once may be paid into. */
  readonly fundingOpen: boolean;
  /** Payments under way. */
  readonly reserved: readonly Reservation[];
  /** By payment, for good: what became of it. */
  readonly payments: SortedMap<PaymentFate>;
  /** Amounts by deposit, for good. */
  readonly deposits: SortedMap<bigint>;
  /** Units that are not paid or waived yet, by `unitKey`. */
  readonly open: SortedMap<Unit>;
  /** Keys of units in notice by `placeInLine`, those that a dispute about them or their rule stops left out. */
  readonly cooling: SortedMap<string>;
  /** Keys of units to be paid as soon as there is money, likewise. */
  readonly backlog: SortedMap<string>;
  /** What came in per unit, for good, by `unitKey`. */
  readonly seen: SortedMap<Seen>;
  /** Units so far, over all rules: the order in which they came up. */
  readonly unitCount: number;
  readonly dispute: OpenDispute | null;
  /** Ids of disputes so far. */
  readonly disputes: readonly string[];
  /** How a dispute about the whole was resolved, if it ended the contract. */
  readonly verdict: 'release' | 'refund' | null;
  readonly amendment: OpenAmendment | null;
  readonly amendments: readonly string[];
  readonly closing: ContractClosing['data']['reason'] | null;
}

export interface Reservation {
  readonly paymentId: PaymentId;
  readonly amount: bigint;
}

export type PaymentFate =
  { readonly kind: 'reserved' | 'deposited'; readonly amount: bigint } | { readonly kind: 'ended' };

export type ConditionOf<K extends Condition['kind']> = Extract<Condition, { kind: K }>;

/** The conditions of one rule by kind, in the order in which its terms name them. */
export interface RulePlan {
  /** Each piece of evidence or each claim is a unit of its own. */
  readonly perUnit: boolean;
  /** Whether the unit '' can come up: time, approval or a secret alone may be enough. */
  readonly bare: boolean;
  readonly attested: readonly ConditionOf<'attested'>[];
  readonly claimed: readonly ConditionOf<'claimed'>[];
  /** Roles whose approval counts. */
  readonly approvers: readonly Role[];
  readonly secrets: readonly string[];
  readonly moments: readonly ConditionOf<'at' | 'after'>[];
}

/** What one rule has earned its payees. `entitled` ≥ `paid` + `waived`; the difference is owed. */
export interface RuleBook {
  readonly ruleId: RuleId;
  readonly entitled: bigint;
  readonly paid: bigint;
  readonly waived: bigint;
  /** Units that have accrued. */
  readonly accruals: number;
  /** Highest reading that is in the log; null before the first. */
  readonly reading: Decimal | null;
  /** Whether the one unit of a rule without evidence has accrued. */
  readonly bareAccrued: boolean;
  /** SHA-256 of secrets revealed. */
  readonly revealed: readonly string[];
  /** Beside `plan.moments`, index by index; empty before the contract is active. */
  readonly moments: readonly { readonly dueAt: Instant; readonly fired: boolean }[];
  /** Next end of a step of a linear amount. */
  readonly step: { readonly n: number; readonly dueAt: Instant } | null;
  /** Milliseconds by which disputes moved this rule's own moments on. */
  readonly shiftMs: number;
  readonly base: Base;
}

/** Where the present terms took over: what is earned stays earned. All zero without an amendment. */
export interface Base {
  readonly entitled: bigint;
  readonly accruals: number;
  readonly reading: Decimal | null;
  /** Before shifts; null: from the start of the rule's own time. */
  readonly at: Instant | null;
}

export interface Unit extends UnitRef {
  /** Over all units of the contract, from 0. */
  readonly order: number;
  /** `waiting`: conditions are missing. `payable`: there was not enough money yet. */
  readonly status: 'waiting' | 'cooling' | 'payable';
  readonly amount: bigint;
  readonly paid: bigint;
  readonly payableAt: Instant | null;
  /** Indexes of the rule's `attested` conditions that evidence for this unit fulfils. */
  readonly attested: readonly number[];
  /** Read from the evidence. */
  readonly value: bigint | null;
  readonly reading: Decimal | null;
  readonly approvals: readonly Approval[];
  /** Where a claim was spent: the account of an open payee role. */
  readonly claimAccount: AccountPath | null;
}

export interface Approval {
  readonly role: Role;
  readonly decision: 'approve' | 'reject';
}

export interface Seen {
  readonly evidence: readonly { readonly attestor: string; readonly statementHash: string }[];
  /** Canonical text of a claim, to tell a repeat from another claim under the same id. */
  readonly claim: string | null;
}

export interface OpenDispute {
  readonly disputeId: string;
  readonly subject: UnitRef | null;
  readonly scope: 'held' | 'rule' | 'unit';
  readonly openedAt: Instant;
  readonly deadline: Instant;
  readonly expired: boolean;
  readonly votes: readonly { readonly role: Role; readonly outcome: DisputeOutcome }[];
  /** Status before a dispute about everything held. */
  readonly before: 'active' | 'closing';
}

export interface OpenAmendment {
  readonly amendmentId: string;
  readonly template: Template;
  readonly params: ParameterValues;
  readonly reason: string;
  readonly docHash: string;
  readonly terms: Terms;
  readonly signed: readonly Role[];
}

export function isEnded(state: Contract): boolean {
  const { status } = state;
  return status === 'completed' || status === 'cancelled' || status === 'refunded' || status === 'expired';
}
