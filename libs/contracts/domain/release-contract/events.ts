/** What can have happened to a release contract. Amounts are minor units of the contract's asset. */
import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ParameterValues, Template } from '../template/types.js';
import type { DisputeOutcome, Role, RuleId } from '../terms/types.js';
import type {
  Party,
  EvidenceStatement,
  CheckedSignature,
  PartySignature,
  UnitRef,
  FundsSource,
  Common,
  Split,
} from './parts.js';

type Happened<Type extends string, Data> = DomainEvent<Type, Common & Data>;

export type ContractDrafted = Happened<
  'ContractDrafted',
  {
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly inputHash: string;
    readonly subject: string;
    readonly region: string;
    /** In full, so that a contract and its proof need nothing beside its own stream. */
    readonly template: Template;
    readonly templateHash: string;
    readonly params: ParameterValues;
    readonly parties: readonly Party[];
    /** What every signature is over. */
    readonly docHash: string;
    readonly fundBy: Instant;
    readonly endsAt: Instant;
  }
>;

export type ContractSigned = Happened<
  'ContractSigned',
  { readonly role: Role; readonly signature: PartySignature; readonly complete: boolean }
>;
export type FundingReserved = Happened<
  'FundingReserved',
  { readonly paymentId: PaymentId; readonly amount: bigint }
>;
export type FundingReleased = Happened<'FundingReleased', { readonly paymentId: PaymentId }>;
/** Postings: clearing:funding → custody:<contract>. */
export type FundsDeposited = Happened<
  'FundsDeposited',
  {
    readonly depositId: string;
    readonly source: FundsSource;
    readonly amount: bigint;
    readonly postings: readonly Posting[];
  }
>;
/** Funded and in force. */
export type ContractActivated = Happened<
  'ContractActivated',
  { readonly endsAt: Instant; readonly timers: readonly MomentTimer[] }
>;
/** When an `at` or `after` of a rule comes true; `after` was counted by the calendar of the day. */
export interface MomentTimer {
  /** `at:<rule>`, `at:<rule>:2`, … in the order of the rule's conditions. */
  readonly timerId: string;
  readonly dueAt: Instant;
}

export type EvidenceAccepted = Happened<
  'EvidenceAccepted',
  {
    readonly evidenceId: string;
    readonly attestor: string;
    readonly statement: EvidenceStatement;
    readonly statementHash: string;
    readonly signatures: readonly CheckedSignature[];
    /** Of the rule, cumulative; equal where conditions beside the evidence are still missing. */
    readonly entitlementBefore: bigint;
    readonly entitlementAfter: bigint;
    /** Null while it is not earned; equal to `at` without cooling. */
    readonly payableAt: Instant | null;
  }
>;
/** Earned by something else than evidence: an approval, a claim, a secret, the time. */
export type EntitlementAccrued = Happened<
  'EntitlementAccrued',
  UnitRef & {
    readonly before: bigint;
    readonly after: bigint;
    readonly payableAt: Instant;
    /** Of a claim: where it was spent. */
    readonly claim?: {
      readonly claimId: string;
      readonly spend: bigint;
      readonly merchantId: string;
      readonly mcc: string;
      readonly account: AccountPath;
    };
  }
>;
export type AccrualConfirmed = Happened<'AccrualConfirmed', UnitRef>;
export type ApprovalRecorded = Happened<
  'ApprovalRecorded',
  { readonly unit: UnitRef; readonly role: Role; readonly decision: 'approve' | 'reject' }
>;
export type VoteRecorded = Happened<
  'VoteRecorded',
  { readonly disputeId: string; readonly role: Role; readonly outcome: DisputeOutcome }
>;
export type SecretRevealed = Happened<
  'SecretRevealed',
  { readonly ruleId: RuleId; readonly preimage: string; readonly preimageHash: string }
>;
/** Postings: custody:<contract> → the payees' accounts. */
export type FundsReleased = Happened<
  'FundsReleased',
  {
    /** `<contract>:<rule>:<cumulative>`, `<contract>:@end:<cumulative>`: the same release has the same id. */
    readonly releaseId: string;
    /** Null: what was left over goes as the end says. */
    readonly ruleId: RuleId | null;
    /** The units it pays, in this order; the whole backlog of a top-up may be paid at once. */
    readonly dedupeKeys: readonly string[];
    readonly amount: bigint;
    /** What the rule has paid by now; without a rule: what the contract has released. */
    readonly cumulative: bigint;
    readonly splits: readonly Split[];
    readonly postings: readonly Posting[];
  }
>;
export type FundsRefunded = Happened<
  'FundsRefunded',
  {
    readonly refundId: string;
    /** Null: by the end, a dispute, an amendment or an authority. */
    readonly ruleId: RuleId | null;
    readonly reason: 'rule' | 'end' | 'dispute' | 'amendment' | 'authority';
    /** The units it pays, in this order; empty without a rule. */
    readonly dedupeKeys: readonly string[];
    readonly amount: bigint;
    readonly splits: readonly Split[];
    readonly postings: readonly Posting[];
  }
>;
/** Earned and never to be paid: a dispute was lost, or the contract ended with nothing left. */
export type EntitlementWaived = Happened<
  'EntitlementWaived',
  UnitRef & { readonly amount: bigint; readonly reason: 'dispute' | 'end' | 'shortfall' }
>;
export type DisputeOpened = Happened<
  'DisputeOpened',
  {
    readonly disputeId: string;
    readonly role: Role;
    readonly subject: UnitRef | null;
    readonly scope: 'held' | 'rule' | 'unit';
    readonly frozenAmount: bigint;
    readonly reasonCode: string;
    readonly deadline: Instant;
  }
>;
export type DisputeResolved = Happened<
  'DisputeResolved',
  {
    readonly disputeId: string;
    readonly outcome: DisputeOutcome;
    /** `vote`: enough roles agreed. `timeout`: the template's default. */
    readonly how: 'vote' | 'timeout';
    readonly release: bigint;
    readonly refund: bigint;
    /** By how much every deadline that stood still moves on. */
    readonly shiftMs: number;
  }
>;
export type TimerFired = Happened<
  'TimerFired',
  {
    /** `end`, `fundBy`, `dispute:<id>`, `payable:<rule>:<key>`, `at:<rule>`, `step:<rule>:<n>`; fires once. */
    readonly timerId: string;
    readonly dueAt: Instant;
  }
>;
export type AmendmentProposed = Happened<
  'AmendmentProposed',
  {
    readonly amendmentId: string;
    readonly template: Template;
    readonly templateHash: string;
    readonly params: ParameterValues;
    readonly reason: string;
    readonly docHash: string;
  }
>;
export type AmendmentSigned = Happened<
  'AmendmentSigned',
  { readonly amendmentId: string; readonly role: Role; readonly signature: PartySignature }
>;
export type AmendmentWithdrawn = Happened<'AmendmentWithdrawn', { readonly amendmentId: string }>;
/** From here on the new terms hold for what comes; what is earned stays earned. */
export type ContractAmended = Happened<
  'ContractAmended',
  {
    readonly amendmentId: string;
    /** docHash before and from here on. */
    readonly fromHash: string;
    readonly toHash: string;
    readonly endsAt: Instant;
    /** Of all rules; what has come true already is no longer due. */
    readonly timers: readonly MomentTimer[];
  }
>;
/** The final payout is done; what is earned and cooling is still owed. */
export type ContractClosing = Happened<
  'ContractClosing',
  {
    /** The final rule; null for other reasons. */
    readonly ruleId: RuleId | null;
    /** What ContractClosed will say. `withdrawn`: a payment was under way and will be refunded. */
    readonly reason: 'final' | 'end' | 'dispute' | 'authority' | 'withdrawn';
    readonly owed: bigint;
  }
>;
/** Terminal; held is zero. */
export type ContractClosed = Happened<
  'ContractClosed',
  { readonly reason: 'paidOut' | 'withdrawn' | 'notFunded' | 'final' | 'dispute' | 'end' | 'authority' }
>;

export type ContractEvent =
  | ContractDrafted
  | ContractSigned
  | FundingReserved
  | FundingReleased
  | FundsDeposited
  | ContractActivated
  | EvidenceAccepted
  | EntitlementAccrued
  | AccrualConfirmed
  | ApprovalRecorded
  | VoteRecorded
  | SecretRevealed
  | FundsReleased
  | FundsRefunded
  | EntitlementWaived
  | DisputeOpened
  | DisputeResolved
  | TimerFired
  | AmendmentProposed
  | AmendmentSigned
  | AmendmentWithdrawn
  | ContractAmended
  | ContractClosing
  | ContractClosed;
