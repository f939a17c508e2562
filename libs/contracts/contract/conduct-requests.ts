/** Evidence, consent, disputes, approvals, claims: what happens on a release contract in force. */
import { Command } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { CheckedSignature, ContractSummary, DisputeOutcome, UnitRef } from './release-contracts.js';
import type { Answer, AnyAct, InForce, OnContract } from './request-parts.js';

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
