import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  CheckedSignature,
  ContractCommand,
  ContractRefusalCode,
  ContractStatus,
  EvidenceStatement,
  Party,
  UnitRef,
} from '../domain/release-contract/messages.js';
import type { ParameterValues, Words } from '../domain/template/types.js';

export type {
  CheckedSignature,
  ContractStatus,
  EvidenceStatement,
  FundsSource,
  Party,
  PartySignature,
  Split,
  UnitRef,
} from '../domain/release-contract/messages.js';
export type {
  AttestorKey,
  ParameterType,
  ParameterValue,
  ParameterValues,
  SignatureProfile,
  Template,
  Words,
} from '../domain/template/types.js';
export type { DisputeOutcome } from '../domain/terms/types.js';

/** Who moves a contract on. The caller has checked that this party is who it says. */
export interface ContractMover {
  readonly tenant: TenantId;
  /** Account id, or `system:<process>`. */
  readonly actor: string;
  readonly correlationId: string;
  /** Derived from what it is for: the same id again is answered as the first time and stores nothing. */
  readonly commandId: string;
}

export interface DraftInput {
  /** Derived by the caller: same id, same input → the same contract; other input → IDEMPOTENCY_CONFLICT. */
  readonly contractId: ContractId;
  readonly organisationId: OrganisationId;
  /** `courseOrder-<id>`, `campaign-<id>`, `contract-<id>` for one that is drafted by hand. */
  readonly subject: string;
  readonly templateId: string;
  /** Absent: the newest published. */
  readonly templateVersion?: string;
  /** Region whose parameter set fills the `region` parameters and whose calendar counts working days. */
  readonly region: string;
  /** The `instance` parameters. */
  readonly params: ParameterValues;
  readonly parties: readonly Party[];
}

/** What a party may do: a command of the domain without what the service adds. */
export type ContractAct = DistributiveOmit<
  Exclude<ContractCommand, { kind: 'draft' | 'attest' | 'proposeAmendment' | 'tick' }>,
  'at' | 'by' | 'calendar'
>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface SignedEvidence {
  readonly statement: EvidenceStatement;
  /** Not verified yet. */
  readonly signatures: readonly CheckedSignature[];
}

export type ContractRejection = Rejection<
  ContractRefusalCode | 'TEMPLATE_NOT_FOUND' | 'REGION_NOT_FOUND' | 'EVIDENCE_TOO_LARGE' | 'INVALID_EVIDENCE'
>;

/** One unit of a rule: a lesson, a milestone, a reading, a claim. */
export interface UnitView extends UnitRef {
  readonly amount: Money;
  /** `OWED`: payable, and waiting for money; the next deposit pays it. */
  readonly status: 'ACCEPTED' | 'COOLING' | 'OWED' | 'DISPUTED' | 'RELEASED' | 'WAIVED';
  readonly payableAt: Instant | null;
}

/** A contract as its stream says now. */
export interface ContractSummary {
  readonly contractId: ContractId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly subject: string;
  readonly region: string;
  readonly title: Words;
  readonly templateId: string;
  readonly templateVersion: string;
  readonly templateHash: string;
  /** All of them, those of the region too: whoever signs reads them. */
  readonly params: ParameterValues;
  readonly docHash: string;
  readonly status: ContractStatus;
  readonly parties: readonly Party[];
  readonly unsigned: readonly string[];
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly frozen: Money;
  /** What may still be paid in, reservations taken off; zero where funding is closed. */
  readonly fundable: { readonly min: Money; readonly max: Money };
  readonly draftedAt: Instant;
  readonly fundBy: Instant;
  readonly endsAt: Instant;
  readonly nextDueAt: Instant | null;
  /** Units that are not paid out or waived yet. */
  readonly openUnits: readonly UnitView[];
  readonly rules: readonly {
    readonly ruleId: string;
    readonly title: Words;
    readonly units: number;
    readonly entitled: Money;
    readonly paid: Money;
    readonly waived: Money;
  }[];
  readonly openDispute: {
    readonly disputeId: string;
    readonly subject: UnitRef | null;
    readonly deadline: Instant;
    readonly votes: readonly { readonly role: string; readonly outcome: string }[];
  } | null;
  readonly openAmendment: {
    readonly amendmentId: string;
    readonly templateVersion: string;
    readonly templateHash: string;
    readonly params: ParameterValues;
    readonly reason: string;
    /** What is signed: `documentHash` with the new parameters. */
    readonly docHash: string;
    readonly unsigned: readonly string[];
  } | null;
}

export type ContractOutcome = Promise<Outcome<ContractSummary, ContractRejection>>;

/**
 * Release contracts for other contexts and for the handlers of this one, in the same process; bind with `RELEASE_CONTRACTS`.
 * It checks no account: whoever calls has made sure that `mover` may act in `role`. Every method answers only what is durable.
 *
 * @throws CommandTimedOut, CommandOverloaded, EventLogError
 */
export interface ReleaseContracts {
  draft(mover: ContractMover, role: string, input: DraftInput): ContractOutcome;
  /** In a role's name; `partyId` is taken from the contract's parties (or the mover where the role is open). */
  act(mover: ContractMover, role: string, contractId: ContractId, act: ContractAct): ContractOutcome;
  /** Checks size, shape and signatures, then decides; anybody of the tenant may hand evidence in. */
  attest(mover: ContractMover, contractId: ContractId, evidence: SignedEvidence): ContractOutcome;
  proposeAmendment(
    mover: ContractMover,
    role: string,
    contractId: ContractId,
    amendment: {
      readonly amendmentId: string;
      /** Absent: the same template version. */
      readonly templateVersion?: string;
      /** Instance parameters that change; the others stay. */
      readonly params: ParameterValues;
      readonly reason: string;
    },
  ): ContractOutcome;
  /** `undefined` for another tenant's as for none. */
  find(tenant: TenantId, contractId: ContractId): Promise<ContractSummary | undefined>;
}

export const RELEASE_CONTRACTS = Symbol('RELEASE_CONTRACTS');

/**
 * Funding steps, for the payment process: a contract is paid into as a bill is paid, by reserving, allocating, releasing.
 * Bind with `CONTRACT_FUNDING`. Idempotent per payment.
 */
export interface ContractFunding {
  reserve(step: FundingStep, amount: Money): Promise<Outcome<FundedContract, Rejection<FundingRefusalCode>>>;
  reservationOf(contractId: ContractId, paymentId: PaymentId): Promise<FundedContract | undefined>;
  release(step: FundingStep): Promise<void>;
  /** The payment is captured into `clearing:funding`; from here the custody account has it. */
  deposit(step: FundingStep, amount: Money): Promise<void>;
}

export type FundingRefusalCode =
  | 'CONTRACT_NOT_FOUND'
  | 'CONTRACT_NOT_SIGNED'
  | 'FUNDING_CLOSED'
  | 'CONTRACT_FROZEN'
  | 'CONTRACT_CLOSED'
  | 'BELOW_MIN_FUNDING'
  | 'EXCEEDS_MAX_FUNDING'
  | 'PAYMENT_ENDED';

export interface FundingStep extends ContractMover {
  readonly contractId: ContractId;
  readonly paymentId: PaymentId;
}

export interface FundedContract {
  readonly contractId: ContractId;
  readonly organisationId: OrganisationId;
  readonly reserved: Money;
  /** For the receipt: template title and subject number. */
  readonly description: string;
}

export const CONTRACT_FUNDING = Symbol('CONTRACT_FUNDING');
