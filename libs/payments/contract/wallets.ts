/** Wallets as others see them: views, commands, queries. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { OperatingInstitution, SubWalletId, WalletTier } from '../domain/wallet/index.js';

export type { OperatingInstitution, SubWalletId, WalletTier };

export interface WalletView {
  readonly id: WalletId;
  /** Account id of the owner. */
  readonly owner: string;
  readonly label: string;
  readonly tier: WalletTier;
  /** Operating institution; absent for wallets of demo money. */
  readonly institutionId?: string;
  readonly frozen: boolean;
  readonly balance: Money;
  /** Part of the balance promised to payments under way. */
  readonly held: Money;
  /** balance − held */
  readonly available: Money;
}

export interface OpenWalletInput {
  readonly idempotencyKey: string;
  readonly label: string;
  /** Without it: a wallet of demo money, refused in production. */
  readonly holder?: { readonly institutionId: string; readonly name: string; readonly phone: string };
}

/** Role `payer`; one wallet per account and `label`. With a holder it begins at tier IV. */
export class OpenWallet extends Command<
  Outcome<WalletView, Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'INSTITUTION_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OpenWalletInput,
  ) {
    super();
  }
}

/**
 * The owner is identified: III asks for name and identity number, II for a bank account beside them, I for a visit at the
 * institution's counter as well. A tier that the wallet has already is answered as it is.
 */
export class UpgradeWallet extends Command<
  Outcome<
    WalletView,
    Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'EVIDENCE_MISSING' | 'IDENTITY_NOT_CONFIRMED'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly tier: WalletTier;
      readonly identityName: string;
      readonly identityNumber: string;
      /** The bank's token for an account in the same name. */
      readonly bankAccount?: string;
      readonly counterReference?: string;
    },
  ) {
    super();
  }
}

/** Role `ops` of the tenant. Money still comes in; nothing new leaves. */
export class FreezeWallet extends Command<Outcome<WalletView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND'>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly reason: string;
      readonly frozen: boolean;
    },
  ) {
    super();
  }
}

/** The owner tops up with demo money (`world:topup`); refused in production, where `TopUpFromBank` does it. */
export class TopUpWallet extends Command<
  Outcome<
    WalletView,
    Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'LIMIT_EXCEEDED'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly walletId: WalletId; readonly amount: Money },
  ) {
    super();
  }
}

export class WalletsOf extends Query<readonly WalletView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

/** Whether a payment of the amount would be let through now, by the very rules of the payment. The owner alone. */
export class WalletPrecheck extends Query<WalletPrecheckView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly walletId: WalletId;
      readonly amount: Money;
      readonly subWalletId?: SubWalletId;
    },
  ) {
    super();
  }
}

export interface WalletPrecheckView {
  readonly allowed: boolean;
  /** What a payment would be refused with; for a limit its name, figures and a suggestion. */
  readonly refusal?: Rejection<
    'WALLET_FROZEN' | 'SUB_WALLET_CLOSED' | 'INSUFFICIENT_FUNDS' | 'LIMIT_EXCEEDED'
  >;
}

/** Operating institutions that a wallet can be opened at. Everybody. */
export class WalletInstitutions extends Query<readonly OperatingInstitution[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

// --- limits ----------------------------------------------------------------------------------------------------------

/** Of one tier on a day; absent: no limit. */
export interface TierLimitsView {
  readonly tier: WalletTier;
  readonly balance?: Money;
  readonly single?: Money;
  readonly day?: Money;
  readonly year?: Money;
}

/** The limits of every tier on a day, today by default. Everybody of the tenant. */
export class WalletTierLimits extends Query<readonly TierLimitsView[]> {
  constructor(
    readonly context: RequestContext,
    readonly on?: LocalDate,
  ) {
    super();
  }
}

export interface TierLimitsProposal {
  /** Of the proposal, and of the approval that it waits for. */
  readonly id: string;
  readonly limits: TierLimitsView;
  readonly from: LocalDate;
}

/** Role `ops` of the tenant; takes effect once a second person has approved (`walletLimits`), never for a day that has begun. */
export class SetTierLimits extends Command<
  Outcome<
    TierLimitsProposal,
    Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'LIMITS_FOR_THE_PAST' | 'INVALID_LIMITS'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly limits: TierLimitsView;
      readonly from: LocalDate;
      readonly reason: string;
    },
  ) {
    super();
  }
}

// --- sub-wallets -----------------------------------------------------------------------------------------------------

export interface SubWalletView {
  readonly id: SubWalletId;
  readonly walletId: WalletId;
  /** What the organisation knows it by. */
  readonly token: string;
  readonly organisationId: OrganisationId;
  readonly scene?: string;
  /** Of one payment, and of one business day. */
  readonly single: Money;
  readonly day: Money;
  readonly open: boolean;
  readonly pushedAt: Instant;
}

/** The owner lets an organisation be paid from the wallet under limits of its own. */
export class PushSubWallet extends Command<
  Outcome<
    SubWalletView,
    Rejection<
      | 'FORBIDDEN'
      | 'WALLET_NOT_FOUND'
      | 'ORGANISATION_NOT_FOUND'
      | 'IDEMPOTENCY_CONFLICT'
      | 'INVALID_AMOUNT'
      | 'SUB_WALLET_CLOSED'
      | 'TOO_MANY_SUB_WALLETS'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly organisationId: OrganisationId;
      readonly scene?: string;
      readonly single: Money;
      readonly day: Money;
    },
  ) {
    super();
  }
}

export class RelimitSubWallet extends Command<
  Outcome<
    SubWalletView,
    Rejection<
      | 'FORBIDDEN'
      | 'IDEMPOTENCY_CONFLICT'
      | 'WALLET_NOT_FOUND'
      | 'SUB_WALLET_NOT_FOUND'
      | 'SUB_WALLET_CLOSED'
      | 'INVALID_AMOUNT'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly subWalletId: SubWalletId;
      readonly single: Money;
      readonly day: Money;
    },
  ) {
    super();
  }
}

/** At once: a payment that comes later is refused. */
export class CloseSubWallet extends Command<
  Outcome<SubWalletClosedView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'SUB_WALLET_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly subWalletId: SubWalletId;
    },
  ) {
    super();
  }
}

export interface SubWalletClosedView {
  readonly subWalletId: SubWalletId;
}

/** The caller's own, open and closed, newest first. */
export class SubWalletsOf extends Query<readonly SubWalletView[]> {
  constructor(
    readonly context: RequestContext,
    readonly walletId: WalletId,
  ) {
    super();
  }
}

/** Nothing of the person, nor of the wallet. */
export type PushedSubWalletView = Omit<SubWalletView, 'id' | 'walletId'>;

/** Staff of the organisation: what was pushed to it, newest first. */
export class PushedSubWallets extends Query<Page<PushedSubWalletView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}
