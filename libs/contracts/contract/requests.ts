/**
 * What people may ask of release contracts. Every handler checks that the caller fills the role that acts: an account its own
 * party, an organisation through its bursar, supervisor or tax officer. Contracts that are not the caller's look like none.
 */
import { Command } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { GivenParameter } from './given-parameter.js';
import type {
  CheckedSignature,
  ContractSummary,
  DisputeOutcome,
  SignatureProfile,
  UnitRef,
} from './release-contracts.js';

/** What every act of a party can be refused with. */
type AnyAct =
  'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'CONTRACT_NOT_FOUND' | 'NOT_AUTHORISED' | 'CLOCK_REGRESSION';

/** What an act on a contract in force can be refused with beside. */
type InForce = 'CONTRACT_NOT_ACTIVE' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSING' | 'CONTRACT_CLOSED';

type Answer<Code extends string> = Outcome<ContractSummary, Rejection<AnyAct | Code>>;

interface OnContract {
  readonly idempotencyKey: string;
  readonly contractId: ContractId;
  /** Needed only where the caller fills several roles. */
  readonly role?: string;
}

export type DraftParty = {
  readonly role: string;
  readonly payTo?:
    { readonly walletId: WalletId } | { readonly treasury: string } | { readonly bankFees: true };
} & ({ readonly account: string } | { readonly organisationId: OrganisationId });

/** A signature with a key of the party's own; without it the account that is signed in signs. */
export interface PartyKey {
  readonly alg: SignatureProfile;
  /** Raw, base64url. */
  readonly publicKey: string;
  /** base64url, over `partySignatureBytes`. */
  readonly sig: string;
}

/**
 * Role `bursar` of an organisation that fills one of the roles. A person is paid into a wallet of their own; of roles that vote with
 * each other, or of which one confirms what the other is paid, nobody fills two (`INVALID_PARAMETERS`, `details.parameter`).
 */
export class DraftContract extends Command<
  Outcome<
    ContractSummary,
    Rejection<
      | 'FORBIDDEN'
      | 'IDEMPOTENCY_CONFLICT'
      | 'NOT_AUTHORISED'
      | 'TEMPLATE_NOT_FOUND'
      | 'REGION_NOT_FOUND'
      | 'ORGANISATION_NOT_FOUND'
      | 'INVALID_PARAMETERS'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly templateId: string;
      /** Default: the newest. */
      readonly templateVersion?: string;
      readonly region: string;
      readonly parameters: readonly GivenParameter[];
      readonly parties: readonly DraftParty[];
    },
  ) {
    super();
  }
}

/** A draft, or a contract that nobody has paid into, is off. */
export class WithdrawContract extends Command<Answer<'FUNDING_CLOSED' | 'CONTRACT_CLOSED'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & { readonly reason: string },
  ) {
    super();
  }
}

export class SignContract extends Command<Answer<'WRONG_DOCUMENT' | 'BAD_SIGNATURE' | 'CONTRACT_CLOSED'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & {
      /** The contract's, as it was shown: nobody signs what they have not seen. */
      readonly documentHash: string;
      readonly key?: PartyKey;
    },
  ) {
    super();
  }
}

/**
 * A party, or staff of an organisation that is one, hands in what attestors have signed. Without an idempotency key: the
 * statement is its own, and what is refused leaves nothing in the log.
 */
export class AttestContract extends Command<
  Outcome<
    ContractSummary,
    Rejection<
      | Exclude<AnyAct, 'IDEMPOTENCY_CONFLICT' | 'NOT_AUTHORISED'>
      | InForce
      | 'RULE_NOT_FOUND'
      | 'RULE_NOT_APPLICABLE'
      | 'EVIDENCE_TOO_LARGE'
      | 'INVALID_EVIDENCE'
      | 'BAD_SIGNATURE'
      | 'NOT_ENOUGH_SIGNATURES'
      | 'DUPLICATE'
      | 'EVIDENCE_CONFLICT'
      | 'EVIDENCE_NOT_FOR_RULE'
      | 'EVIDENCE_FROM_THE_FUTURE'
      | 'EVIDENCE_TOO_OLD'
      | 'EVIDENCE_OUT_OF_ORDER'
      | 'EXCEEDS_UNITS'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly contractId: ContractId;
      /** JSON text of an `EvidenceStatement`. */
      readonly statement: string;
      readonly signatures: readonly CheckedSignature[];
    },
  ) {
    super();
  }
}

/** Ends the period of notice of one unit at once. */
export class ConfirmUnit extends Command<
  Answer<
    | 'CONTRACT_NOT_ACTIVE'
    | 'CONTRACT_FROZEN'
    | 'CONTRACT_CLOSED'
    | 'RULE_NOT_FOUND'
    | 'UNIT_NOT_FOUND'
    | 'NOT_COOLING'
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & UnitRef,
  ) {
    super();
  }
}

/** Within the period of notice: the unit stands still until the dispute is decided. */
export class ObjectToUnit extends Command<
  Answer<
    | 'CONTRACT_NOT_ACTIVE'
    | 'CONTRACT_CLOSED'
    | 'RULE_NOT_FOUND'
    | 'UNIT_NOT_FOUND'
    | 'NOT_COOLING'
    | 'DISPUTE_OPEN'
  >
> {
  constructor(
    readonly context: RequestContext,
    /** `reasonCode`: 1 to 40 capital letters, digits, underscores. */
    readonly input: OnContract & UnitRef & { readonly reasonCode: string },
  ) {
    super();
  }
}

/** About the whole contract: nothing moves until it is decided. */
export class OpenDispute extends Command<Answer<'CONTRACT_NOT_ACTIVE' | 'CONTRACT_CLOSED' | 'DISPUTE_OPEN'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & { readonly reasonCode: string },
  ) {
    super();
  }
}

export class VoteOnDispute extends Command<
  Answer<'CONTRACT_CLOSED' | 'DISPUTE_NOT_FOUND' | 'ALREADY_VOTED'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & { readonly disputeId: string; readonly outcome: DisputeOutcome },
  ) {
    super();
  }
}

/** For rules that wait for approvals: withdrawal, closure, an inspected milestone. */
export class ApproveUnit extends Command<
  Answer<
    | InForce
    | 'RULE_NOT_FOUND'
    | 'RULE_NOT_APPLICABLE'
    | 'UNIT_NOT_FOUND'
    | 'ALREADY_VOTED'
    | 'NOTHING_TO_PAY'
    | 'EXCEEDS_UNITS'
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & UnitRef & { readonly decision: 'approve' | 'reject' },
  ) {
    super();
  }
}

/** On contracts drafted by hand; what belongs to another context is spent there, with that context's checks. */
export class ClaimFromContract extends Command<
  Answer<
    | InForce
    | 'INVALID_AMOUNT'
    | 'ORGANISATION_NOT_FOUND'
    | 'RULE_NOT_FOUND'
    | 'RULE_NOT_APPLICABLE'
    | 'MERCHANT_NOT_ALLOWED'
    | 'BELOW_MIN_SPEND'
    | 'EXCEEDS_CAP'
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & {
      readonly ruleId: string;
      /** Where it is spent. */
      readonly organisationId: OrganisationId;
      readonly amount: Money;
      /** Whole price of what is bought; default: the amount. */
      readonly spend?: Money;
    },
  ) {
    super();
  }
}

export class RevealSecret extends Command<
  Answer<InForce | 'RULE_NOT_FOUND' | 'RULE_NOT_APPLICABLE' | 'WRONG_SECRET' | 'NOTHING_TO_PAY'>
> {
  constructor(
    readonly context: RequestContext,
    /** `secret`: 1 to 256 characters. */
    readonly input: OnContract & { readonly ruleId: string; readonly secret: string },
  ) {
    super();
  }
}

/** Pays what a linear rule has earned by now. */
export class DrawFromContract extends Command<
  Answer<InForce | 'RULE_NOT_FOUND' | 'RULE_NOT_APPLICABLE' | 'NOTHING_TO_PAY'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & { readonly ruleId: string },
  ) {
    super();
  }
}

/** New terms for what is still to come. */
export class ProposeAmendment extends Command<
  Answer<
    | 'CONTRACT_NOT_SIGNED'
    | 'CONTRACT_FROZEN'
    | 'CONTRACT_CLOSING'
    | 'CONTRACT_CLOSED'
    | 'TEMPLATE_NOT_FOUND'
    | 'REGION_NOT_FOUND'
    | 'INVALID_PARAMETERS'
    | 'DISPUTE_OPEN'
    | 'AMENDMENT_OPEN'
    | 'AMENDMENT_NOT_POSSIBLE'
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & {
      /** Default: the version the contract has. */
      readonly templateVersion?: string;
      /** Those that change. */
      readonly parameters: readonly GivenParameter[];
      readonly reason: string;
    },
  ) {
    super();
  }
}

export class SignAmendment extends Command<
  Answer<
    | 'CONTRACT_NOT_SIGNED'
    | 'CONTRACT_FROZEN'
    | 'CONTRACT_CLOSING'
    | 'CONTRACT_CLOSED'
    | 'WRONG_DOCUMENT'
    | 'BAD_SIGNATURE'
    | 'DISPUTE_OPEN'
    | 'AMENDMENT_NOT_FOUND'
    | 'AMENDMENT_NOT_POSSIBLE'
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & {
      readonly amendmentId: string;
      readonly documentHash: string;
      readonly key?: PartyKey;
    },
  ) {
    super();
  }
}

export class WithdrawAmendment extends Command<Answer<'CONTRACT_CLOSED' | 'AMENDMENT_NOT_FOUND'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnContract & { readonly amendmentId: string },
  ) {
    super();
  }
}
