/**
 * What can be asked of a release contract, what can have happened to it, and why it refuses. Amounts are minor units of the
 * contract's asset. `at` never goes back: a command with an earlier moment than the last event is refused (CLOCK_REGRESSION).
 */
import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Calendar } from '../calendar/types.js';
import type { ParameterValues, SignatureProfile, Template } from '../template/types.js';
import type { DisputeOutcome, Role, RuleId } from '../terms/types.js';

/** Who fills a role, and where that party's money lies. */
export interface Party {
  readonly role: Role;
  /** An account id for a person, an organisation's id for an institution; never a name. */
  readonly partyId: string;
  readonly kind: 'account' | 'organisation';
  /**
   * Where payouts to this role go: `org:<id>:payable`, `treasury:<unit>`, `bank:fees`, or `wallet:<id>`; null: back the way the
   * money came (the funding payments' own tender); `contract:<id>`: the custody of another contract. A wallet and null are
   * reached through `clearing:payout`, another contract through `clearing:funding`.
   */
  readonly payTo: AccountPath | null;
}

/** Who acts; `system` is the clock, in whose name timers fire. */
export interface ContractActor {
  readonly role: Role | 'system';
  readonly partyId: string;
}

/** What an attestor signs: RFC 8785 JSON of exactly these members. */
export interface EvidenceStatement {
  readonly contractId: ContractId;
  readonly rule: RuleId;
  readonly schema: string;
  readonly dedupeKey: string;
  /** JSON object; numbers that matter are texts. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly observedAt: Instant;
}

/** A signature that has been verified before the command was made; the decider counts different keys of the attestor. */
export interface CheckedSignature {
  readonly keyId: string;
  readonly alg: SignatureProfile;
  /** base64url */
  readonly sig: string;
}

/** How somebody signs a contract: with a key, or as the account that is logged in. */
export interface PartySignature {
  readonly keyId: string;
  readonly alg: SignatureProfile | 'account';
  /** SHA-256, hex, of template hash, parameters and parties: `documentHash`. */
  readonly docHash: string;
  /** base64url; empty for `account`. */
  readonly sig: string;
}

/** One entitlement that came up at once: a lesson, a milestone, a reading, a claim. Rules without evidence have the key ''. */
export interface UnitRef {
  readonly ruleId: RuleId;
  readonly dedupeKey: string;
}

/** Where a deposit comes from: a captured payment, or what another contract has released to this one (`onTo` `contract:<id>`). */
export type FundsSource =
  | { readonly kind: 'payment'; readonly paymentId: PaymentId }
  | { readonly kind: 'contract'; readonly contractId: ContractId; readonly releaseId: string };

interface Act {
  readonly at: Instant;
  readonly by: ContractActor;
  /** Working days as known when the command is made; deadlines are computed once and stored. */
  readonly calendar: Calendar;
}

export type ContractCommand = Act &
  (
    | {
        readonly kind: 'draft';
        readonly contractId: ContractId;
        readonly tenant: TenantId;
        /** The institution in whose name the contract is made; mass refunds go by it. */
        readonly organisationId: OrganisationId;
        /** Of the input it came from: the same key with another input is told apart by it. */
        readonly inputHash: string;
        /** What it is for, in the words of the context that drafts it: `courseOrder-<id>`. */
        readonly subject: string;
        readonly template: Template;
        readonly templateHash: string;
        readonly params: ParameterValues;
        readonly parties: readonly Party[];
        /** SHA-256, hex, over template hash, parameters and parties: what signatures are over. */
        readonly docHash: string;
      }
    /** A draft, or a contract that nobody has funded, is off. */
    | { readonly kind: 'withdrawDraft'; readonly reason: string }
    | { readonly kind: 'sign'; readonly role: Role; readonly signature: PartySignature }
    /** Promises room for a payment under way, so that its money is never refused; fundBy waits for it. */
    | { readonly kind: 'reserveFunding'; readonly paymentId: PaymentId; readonly amount: bigint }
    | { readonly kind: 'releaseFunding'; readonly paymentId: PaymentId }
    /** The money lies in `clearing:funding`. A payment's has been reserved before; a contract's must fit. */
    | { readonly kind: 'deposit'; readonly depositId: string; readonly source: FundsSource; readonly amount: bigint }
    | {
        readonly kind: 'attest';
        readonly evidenceId: string;
        readonly statement: EvidenceStatement;
        /** SHA-256, hex, of the statement's RFC 8785 JSON. */
        readonly statementHash: string;
        readonly signatures: readonly CheckedSignature[];
      }
    /** Ends the cooling of one unit at once. */
    | ({ readonly kind: 'confirm' } & UnitRef)
    /** For `approved` conditions. `dedupeKey` names the unit where the rule also needs evidence, '' otherwise. */
    | ({ readonly kind: 'approve'; readonly decision: 'approve' | 'reject' } & UnitRef)
    | {
        readonly kind: 'claim';
        readonly ruleId: RuleId;
        /** Same id: same claim. */
        readonly claimId: string;
        readonly amount: bigint;
        /** Whole price of what is bought; at least `amount`. */
        readonly spend: bigint;
        readonly merchantId: string;
        /** Category of the merchant, ISO 18245. */
        readonly mcc: string;
        /** Where the money goes when the rule's payee is the merchant at hand: `org:<id>:payable`. */
        readonly merchantAccount: AccountPath;
      }
    /** `preimageHash`: SHA-256 of the secret, computed by the caller of the decider from the very secret stored. */
    | { readonly kind: 'reveal'; readonly ruleId: RuleId; readonly preimage: string; readonly preimageHash: string }
    /** Pays what a linear rule has earned by now. */
    | { readonly kind: 'draw'; readonly ruleId: RuleId }
    | {
        readonly kind: 'dispute';
        readonly disputeId: string;
        /** The unit in question; null: the whole contract. */
        readonly subject: UnitRef | null;
        readonly reasonCode: string;
      }
    | { readonly kind: 'vote'; readonly disputeId: string; readonly outcome: DisputeOutcome }
    | {
        readonly kind: 'proposeAmendment';
        readonly amendmentId: string;
        readonly template: Template;
        readonly templateHash: string;
        readonly params: ParameterValues;
        readonly reason: string;
        readonly docHash: string;
      }
    | {
        readonly kind: 'signAmendment';
        readonly amendmentId: string;
        readonly role: Role;
        readonly signature: PartySignature;
      }
    | { readonly kind: 'withdrawAmendment'; readonly amendmentId: string }
    /** Lets what is due by now happen. */
    | { readonly kind: 'tick' }
  );

export interface Totals {
  readonly funded: bigint;
  readonly released: bigint;
  readonly refunded: bigint;
  /** funded − released − refunded */
  readonly held: bigint;
  /** Part of held that a dispute keeps from moving. */
  readonly frozen: bigint;
}

/** On every event, with figures as they are after it, so that projections need to read nothing. */
export interface Common {
  readonly contractId: ContractId;
  /** Number of the event within its contract, from 0; equals the stream's revision. */
  readonly seq: number;
  readonly at: Instant;
  readonly asset: Asset;
  readonly by: ContractActor;
  readonly totals: Totals;
  /** Status after this event. */
  readonly status: ContractStatus;
  /** When the clock has something to do next; null: never. */
  readonly nextDueAt: Instant | null;
}

export type ContractStatus =
  | 'drafted'
  | 'awaitingFunding'
  | 'active'
  | 'closing'
  | 'frozen'
  | 'completed'
  | 'cancelled'
  | 'refunded'
  | 'expired';

export interface Split {
  readonly role: Role;
  readonly amount: bigint;
  readonly account: AccountPath;
  /** Set where `account` is `clearing:payout` or `clearing:funding`: `wallet:<id>`, `contract:<id>`, or 'origin'. */
  readonly onTo?: AccountPath;
}

type Happened<Type extends string, Data> = DomainEvent<Type, Common & Data>;

export type ContractDrafted = Happened<
  'ContractDrafted',
  {
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly inputHash: string;
    readonly subject: string;
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
export type ContractActivated = Happened<'ContractActivated', { readonly endsAt: Instant }>;

export type EvidenceAccepted = Happened<
  'EvidenceAccepted',
  {
    readonly evidenceId: string;
    readonly attestor: string;
    readonly statement: EvidenceStatement;
    readonly statementHash: string;
    readonly signatures: readonly CheckedSignature[];
    /** The unit's own amounts; equal where conditions beside the evidence are still missing. */
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
/** Postings: custody:<contract> → the payees' accounts. `cumulative`: what the rule has paid by now. */
export type FundsReleased = Happened<
  'FundsReleased',
  {
    /** `<contract>:<rule>:<cumulative>`: the same release has the same id. */
    readonly releaseId: string;
    readonly ruleId: RuleId;
    /** The units it pays; the whole backlog of a top-up may be paid at once. */
    readonly dedupeKeys: readonly string[];
    readonly amount: bigint;
    readonly cumulative: bigint;
    readonly splits: readonly Split[];
    readonly postings: readonly Posting[];
  }
>;
export type FundsRefunded = Happened<
  'FundsRefunded',
  {
    readonly refundId: string;
    /** Null: by the end, a dispute or an amendment. */
    readonly ruleId: RuleId | null;
    readonly reason: 'rule' | 'end' | 'dispute' | 'amendment';
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
  { readonly amendmentId: string; readonly fromHash: string; readonly toHash: string; readonly endsAt: Instant }
>;
/** The final payout is done; what is earned and cooling is still owed. */
export type ContractClosing = Happened<'ContractClosing', { readonly ruleId: RuleId; readonly owed: bigint }>;
/** Terminal; held is zero. */
export type ContractClosed = Happened<
  'ContractClosed',
  { readonly reason: 'paidOut' | 'withdrawn' | 'notFunded' | 'final' | 'dispute' | 'end' }
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

export type ContractRefusalCode =
  | 'CONTRACT_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  /** A parameter is missing, of a wrong type, out of its bounds, or a check of the template fails; `path` and `details` say which. */
  | 'INVALID_PARAMETERS'
  | 'NOT_AUTHORISED'
  | 'BAD_SIGNATURE'
  /** Fewer different keys of the attestor than the template asks for. */
  | 'NOT_ENOUGH_SIGNATURES'
  /** Signed over another document than this contract. */
  | 'WRONG_DOCUMENT'
  | 'CONTRACT_NOT_SIGNED'
  | 'CONTRACT_NOT_ACTIVE'
  | 'CONTRACT_FROZEN'
  | 'CONTRACT_CLOSING'
  | 'CONTRACT_CLOSED'
  | 'FUNDING_CLOSED'
  | 'BELOW_MIN_FUNDING'
  | 'EXCEEDS_MAX_FUNDING'
  /** The very same evidence is in the log already. */
  | 'DUPLICATE'
  /** Other evidence for the same unit is in the log already. */
  | 'EVIDENCE_CONFLICT'
  | 'EVIDENCE_NOT_FOR_RULE'
  /** Observed after now, or before the contract was in force. */
  | 'EVIDENCE_FROM_THE_FUTURE'
  | 'EVIDENCE_TOO_OLD'
  /** A reading below one that is in the log already. */
  | 'EVIDENCE_OUT_OF_ORDER'
  | 'EXCEEDS_UNITS'
  | 'EXCEEDS_CAP'
  | 'MERCHANT_NOT_ALLOWED'
  | 'BELOW_MIN_SPEND'
  | 'NOTHING_TO_PAY'
  | 'UNIT_NOT_FOUND'
  | 'NOT_COOLING'
  | 'RULE_NOT_FOUND'
  | 'RULE_NOT_APPLICABLE'
  | 'WRONG_SECRET'
  | 'ALREADY_VOTED'
  | 'DISPUTE_OPEN'
  | 'DISPUTE_NOT_FOUND'
  | 'AMENDMENT_OPEN'
  | 'AMENDMENT_NOT_FOUND'
  | 'AMENDMENT_NOT_POSSIBLE'
  | 'PAYMENT_ENDED'
  | 'CLOCK_REGRESSION';

export type ContractRefusal = Rejection<ContractRefusalCode>;
