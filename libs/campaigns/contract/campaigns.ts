/** Campaigns: a sponsor's money goes as vouchers or red packets to the winners of a draw. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, OrganisationId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type {
  CampaignId,
  CampaignKind,
  CampaignStatus,
  EndReason,
  SignUpId,
} from '../domain/campaign/index.js';

export type { CampaignId, CampaignKind, CampaignStatus, EndReason, SignUpId };

/** Where awards can be spent. Empty lists: anywhere. Where both are given, a merchant must be in both. */
export interface SpendingView {
  readonly shops: readonly OrganisationId[];
  /** Merchant category codes, ISO 18245. */
  readonly categories: readonly string[];
  /** Least total price of what is bought. */
  readonly minSpend: Money;
}

export type AwardsView =
  | {
      readonly kind: 'prizes';
      readonly prizes: readonly { readonly amount: Money; readonly count: number }[];
    }
  | {
      readonly kind: 'packets';
      readonly pot: Money;
      readonly packets: number;
      readonly split: 'equal' | 'random';
    };

export interface CampaignView {
  readonly id: CampaignId;
  readonly organisationId: OrganisationId;
  readonly name: string;
  readonly kind: CampaignKind;
  readonly status: CampaignStatus;
  readonly budget: Money;
  /** How many there are to win. */
  readonly awardCount: number;
  readonly awards: AwardsView;
  readonly spending: SpendingView;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly drawAt: Instant;
  readonly expiresAt: Instant;
  /** SHA-256 of the draw's seed, hex. */
  readonly commitment: string;
  /** Account id; a contract that holds the budget. Both for the sponsor and staff only. */
  readonly sponsor?: string;
  readonly budgetContractId?: ContractId;
  readonly signUps: number;
  /** Awards that have gone out. */
  readonly granted: number;
  readonly endReason?: EndReason;
  readonly draftedAt: Instant;
}

/** `WAITING`: the draw is still to come. */
export type SignUpOutcome = 'WAITING' | 'WON' | 'LOST';

/** Somebody's own part in a campaign. */
export interface SignUpView {
  readonly id: SignUpId;
  readonly campaignId: CampaignId;
  /** In order of signing up, from 1. */
  readonly number: number;
  readonly signedUpAt: Instant;
  readonly outcome: SignUpOutcome;
  readonly rank?: number;
  readonly amount?: Money;
  /** Once the money has gone to it. */
  readonly voucherId?: ContractId;
}

export interface CreateCampaignInput {
  readonly idempotencyKey: string;
  readonly organisationId: OrganisationId;
  readonly name: string;
  /** Account id of whoever is to pay; they have to agree. */
  readonly sponsorAccountId: string;
  readonly awards:
    | {
        readonly kind: 'vouchers';
        readonly prizes: readonly { readonly amount: Money; readonly count: number }[];
        readonly shops: readonly OrganisationId[];
        readonly categories: readonly string[];
        readonly minSpend?: Money;
      }
    | {
        readonly kind: 'redPackets';
        readonly pot: Money;
        readonly packets: number;
        readonly split: 'equal' | 'random';
      };
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  /** Default: as soon as the window has closed. */
  readonly drawAt?: Instant;
  readonly expiresAt: Instant;
}

/** Roles `bursar` of the organisation and `bd` of the tenant. */
export class CreateCampaign extends Command<
  Outcome<
    CampaignView,
    Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'ORGANISATION_NOT_FOUND' | 'INVALID_CAMPAIGN'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: CreateCampaignInput,
  ) {
    super();
  }
}

/**
 * Role `payer`: the sponsor agrees to the campaign as it stands and says where money comes back to. That signs the budget's
 * contract, and in advance the voucher of each winner. What is paid in then is `fundContract` of the budget's contract.
 */
export class SponsorCampaign extends Command<
  Outcome<
    CampaignView,
    Rejection<
      | 'FORBIDDEN'
      | 'IDEMPOTENCY_CONFLICT'
      | 'CAMPAIGN_NOT_FOUND'
      | 'WALLET_NOT_FOUND'
      | 'AMOUNT_MISMATCH'
      | 'CAMPAIGN_SPONSORED'
      | 'CAMPAIGN_ENDED'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly campaignId: CampaignId;
      readonly walletId: WalletId;
      /** As it was shown: nobody agrees to what they have not seen. */
      readonly expectedBudget: Money;
    },
  ) {
    super();
  }
}

/** Role `payer`. Once per person and campaign, whatever account they use; not for the sponsor and those who run it. */
export class SignUpForCampaign extends Command<
  Outcome<
    SignUpView,
    Rejection<
      | 'FORBIDDEN'
      | 'CAMPAIGN_NOT_FOUND'
      | 'CAMPAIGN_NOT_OPEN'
      | 'CAMPAIGN_ENDED'
      | 'CAMPAIGN_FULL'
      | 'SIGN_UP_CLOSED'
      | 'ALREADY_SIGNED_UP'
      | 'NOT_ELIGIBLE'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly campaignId: CampaignId },
  ) {
    super();
  }
}

export interface CampaignFilter {
  readonly organisationId?: OrganisationId;
  readonly statuses?: readonly CampaignStatus[];
}

/**
 * Newest first. People see every campaign of their tenant from the sponsor's agreement on, a sponsor their own before it; staff
 * see those of their organisation, staff of the tenant all.
 */
export class CampaignsOf extends Query<Page<CampaignView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: CampaignFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class CampaignById extends Query<CampaignView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CampaignId,
  ) {
    super();
  }
}

/** The caller's own sign-up, and what has become of it. */
export class MySignUp extends Query<SignUpView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly campaignId: CampaignId,
  ) {
    super();
  }
}

/** What anybody who may see the campaign needs to compute its draw again, beside the sign-ups. */
export interface CampaignDrawView {
  readonly campaignId: CampaignId;
  readonly commitment: string;
  /** 32 bytes, hex. */
  readonly seed: string;
  readonly signUps: number;
  /** SHA-256 over the sign-up ids in order, each with a line feed. */
  readonly digest: string;
  readonly awards: AwardsView;
  readonly winners: number;
  readonly drawnAt: Instant;
}

/** `undefined` until it has been drawn. */
export class CampaignDraw extends Query<CampaignDrawView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CampaignId,
  ) {
    super();
  }
}

/** Opaque: a sign-up's id says nothing of the person. */
export interface DrawnSignUpView {
  readonly number: number;
  readonly signUpId: SignUpId;
  readonly rank?: number;
  readonly amount?: Money;
}

/** Everybody who took part in order of signing up; empty until it has been drawn. */
export class DrawnSignUps extends Query<Page<DrawnSignUpView>> {
  constructor(
    readonly context: RequestContext,
    readonly id: CampaignId,
    readonly page: PageRequest,
  ) {
    super();
  }
}
