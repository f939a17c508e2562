/** Drafting, signing, amending and calling off a release contract. */
import { Command } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, WalletId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { GivenParameter } from './given-parameter.js';
import type { ContractSummary } from './release-contracts.js';
import type { Answer, OnContract, PartyKey } from './request-parts.js';

export type DraftParty = {
  readonly role: string;
  readonly payTo?:
    { readonly walletId: WalletId } | { readonly treasury: string } | { readonly bankFees: true };
} & ({ readonly account: string } | { readonly organisationId: OrganisationId });

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
