/**
 * What can be asked of a campaign, what can have happened to it, and why it refuses. A campaign gives away a sponsor's money as
 * vouchers or red packets, to winners of a draw that anybody can check. The money lies in release contracts: the budget's until an
 * award goes to a winner, the voucher's from then on.
 */
import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, Id, OrganisationId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { AwardAmounts } from '../lottery/index.js';

export type CampaignId = Id<'campaign'>;
export type SignUpId = Id<'signUp'>;
export type CampaignKind = 'voucher' | 'redPacket';

/** Where awards can be spent; empty lists say nothing, and whoever is left may take them. */
export interface SpendingTerms {
  readonly shops: readonly OrganisationId[];
  /** Merchant category codes, ISO 18245. */
  readonly mccs: readonly string[];
  /** Least total price of what is bought, minor units. */
  readonly minSpend: bigint;
}

export interface CampaignTerms {
  readonly campaignId: CampaignId;
  readonly tenant: TenantId;
  readonly organiser: OrganisationId;
  readonly name: string;
  /** Account id of whoever pays for it. */
  readonly sponsor: string;
  readonly kind: CampaignKind;
  readonly asset: Asset;
  readonly award: AwardAmounts;
  readonly spending: SpendingTerms;
  /** Signing up is possible from here … */
  readonly opensAt: Instant;
  /** … to before here; the budget must have been paid in by then. */
  readonly closesAt: Instant;
  readonly drawAt: Instant;
  /** What is not spent by then goes back to the sponsor. */
  readonly expiresAt: Instant;
  /** Release contract that holds the budget. */
  readonly budgetContractId: ContractId;
  /** SHA-256 of the seed, hex: published before anybody signs up. */
  readonly commitment: string;
  /** The seed, hex, under a pad that only this installation can make; until the draw. */
  readonly sealedSeed: string;
  /** Keyed hash of the person who drafted it, who cannot take part; hex. */
  readonly makerKey: string;
  readonly inputHash: string;
  readonly draftedAt: Instant;
}

export interface SignUp {
  readonly signUpId: SignUpId;
  /** In order of signing up, from 1. */
  readonly number: number;
  readonly account: string;
  /** Keyed hash of the person for this one campaign, hex: the same person has the same, and it tells nothing else. */
  readonly personKey: string;
}

export interface Winner {
  /** From 1. */
  readonly rank: number;
  readonly signUpId: SignUpId;
  readonly account: string;
  /** Minor units. */
  readonly amount: bigint;
  /** The voucher: a release contract of its own. */
  readonly contractId: ContractId;
}

export type EndReason =
  /** Everything awarded has been spent or has expired. */
  | 'completed'
  /** Nobody paid the budget in by the end of the window. */
  | 'notFunded'
  /** The budget was gone, by a dispute or an authority, before every award was out. */
  | 'budgetEnded';

export type CampaignCommand =
  | { readonly kind: 'draft'; readonly terms: CampaignTerms; readonly at: Instant }
  | {
      readonly kind: 'sponsor';
      readonly account: string;
      /** Where money comes back to. */
      readonly walletId: WalletId;
      readonly sponsorKey: string;
      readonly at: Instant;
    }
  /** The budget is there. */
  | { readonly kind: 'open'; readonly at: Instant }
  | {
      readonly kind: 'signUp';
      readonly signUpId: SignUpId;
      readonly account: string;
      readonly personKey: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'draw';
      readonly seed: string;
      /** SHA-256 of that very seed, computed by whoever sends the command. */
      readonly seedHash: string;
      /** How many sign-ups the winners were drawn from: all. */
      readonly signUps: number;
      readonly digest: string;
      readonly winners: readonly Winner[];
      readonly at: Instant;
    }
  /** The budget contract has let go of the money of these ranks. */
  | { readonly kind: 'grant'; readonly from: number; readonly through: number; readonly at: Instant }
  | { readonly kind: 'end'; readonly reason: EndReason; readonly at: Instant };

/** When the clock has something to do next; null: never. */
interface Due {
  readonly nextDueAt: Instant | null;
}

type Happened<Type extends string, Data> = DomainEvent<Type, { readonly campaignId: CampaignId } & Data>;

export type CampaignDrafted = DomainEvent<'CampaignDrafted', CampaignTerms & Due>;
export type CampaignSponsored = Happened<
  'CampaignSponsored',
  { readonly walletId: WalletId; readonly sponsorKey: string; readonly sponsoredAt: Instant } & Due
>;
export type CampaignOpened = Happened<'CampaignOpened', { readonly openedAt: Instant } & Due>;
export type SignUpRecorded = Happened<'SignUpRecorded', SignUp & { readonly signedUpAt: Instant }>;
/** The seed is public from here on; the winners follow in the same append, in order of rank. */
export type SeedRevealed = Happened<
  'SeedRevealed',
  {
    readonly seed: string;
    readonly signUps: number;
    readonly digest: string;
    readonly awards: number;
    readonly revealedAt: Instant;
  } & Due
>;
/** A page of winners; at most 200. */
export type WinnersDrawn = Happened<'WinnersDrawn', { readonly winners: readonly Winner[] }>;
export type AwardGranted = Happened<'AwardGranted', Winner & { readonly grantedAt: Instant } & Due>;
export type CampaignEnded = Happened<
  'CampaignEnded',
  {
    readonly reason: EndReason;
    /** Awards that went out. */
    readonly granted: number;
    readonly endedAt: Instant;
  }
>;

export type CampaignEvent =
  | CampaignDrafted
  | CampaignSponsored
  | CampaignOpened
  | SignUpRecorded
  | SeedRevealed
  | WinnersDrawn
  | AwardGranted
  | CampaignEnded;

export type CampaignRefusalCode =
  | 'CAMPAIGN_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  /** `details.reason` and `path` say what cannot be. */
  | 'INVALID_CAMPAIGN'
  /** Money comes back to another wallet. */
  | 'CAMPAIGN_SPONSORED'
  | 'CAMPAIGN_ENDED'
  /** The budget is not there yet, or the window has not begun. */
  | 'CAMPAIGN_NOT_OPEN'
  | 'SIGN_UP_CLOSED'
  | 'ALREADY_SIGNED_UP'
  /** The sponsor, or one of those who run it. */
  | 'NOT_ELIGIBLE'
  | 'CAMPAIGN_FULL'
  /** Asked for before its time. */
  | 'DRAW_NOT_DUE'
  /** Drawn from other sign-ups than there are. */
  | 'DRAW_STALE';

export type CampaignRefusal = Rejection<CampaignRefusalCode>;
