import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, PaymentId, SubjectId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset, Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { LimitsByTier, WalletTier } from './limits.js';

export type SubWalletId = Id<'subWallet'>;

/** What a wallet of demo money may take in: data handed to the command. */
export interface TopUpLimits {
  readonly singleTopUp: Money;
  /** Of available and held together. */
  readonly balance: Money;
}

/** Who stands behind a wallet; personal data, kept by no state. */
export interface WalletHolder {
  /** Derived from tenant and account. */
  readonly subjectId: SubjectId;
  readonly name: string;
  readonly phone: string;
}

interface OfOwner {
  readonly tenant: TenantId;
  /** Account id of the wallet's owner. */
  readonly owner: string;
}

/** One payment and one business day by a sub-wallet. */
export interface SubWalletLimits {
  readonly single: Money;
  readonly day: Money;
}

export interface OpenWalletCommand extends OfOwner {
  readonly kind: 'open';
  readonly walletId: WalletId;
  readonly label: string;
  readonly asset: Asset;
  /** With a holder the wallet begins at tier IV; without one it is a wallet of demo money. */
  readonly holder?: WalletHolder;
  readonly institutionId?: string;
}

export interface UpgradeWallet extends OfOwner {
  readonly kind: 'upgrade';
  readonly tier: WalletTier;
  readonly identity: WalletIdentity;
}

export interface TopUp extends OfOwner {
  readonly kind: 'topUp';
  /** Derived from the caller's idempotency key. */
  readonly topUpId: string;
  readonly amount: Money;
  readonly limits: TopUpLimits;
}

/** Money comes in from inside: a refund, a transfer. The wallet may be frozen; whose it is does not matter. */
export interface Credit {
  readonly kind: 'credit';
  readonly tenant: TenantId;
  /** Derived from the process that gives. */
  readonly creditId: string;
  readonly amount: Money;
  readonly source: AccountPath;
  /** Of the business day. Given: the wallet's balance limit counts (transfers). Absent: it does not (what is given back). */
  readonly limits?: LimitsByTier;
}

export interface PlaceHold extends OfOwner {
  readonly kind: 'hold';
  readonly paymentId: PaymentId;
  readonly amount: Money;
  /** Of the business day; without the two nothing is counted. */
  readonly limits?: LimitsByTier;
  readonly businessDate?: LocalDate;
  /** Spends by a sub-wallet, named by its id or by the token its organisation knows. */
  readonly subWalletId?: SubWalletId;
  readonly token?: string;
  /** Who is paid: a sub-wallet pays its own organisation alone. Absent where several are paid. */
  readonly organisationId?: OrganisationId;
}

export interface PushSubWallet extends OfOwner {
  readonly kind: 'pushSubWallet';
  /** Derived from the wallet and the caller's idempotency key. */
  readonly subWalletId: SubWalletId;
  readonly token: string;
  readonly organisationId: OrganisationId;
  readonly scene?: string;
  readonly limits: SubWalletLimits;
  readonly at: Instant;
}

export interface RelimitSubWallet extends OfOwner {
  readonly kind: 'relimitSubWallet';
  readonly subWalletId: SubWalletId;
  readonly limits: SubWalletLimits;
}

export interface CloseSubWallet extends OfOwner {
  readonly kind: 'closeSubWallet';
  readonly subWalletId: SubWalletId;
}

export interface FreezeOrThaw {
  readonly kind: 'freeze' | 'thaw';
  readonly tenant: TenantId;
  readonly reason: string;
  readonly at: Instant;
}

export type WalletCommand =
  | OpenWalletCommand
  | UpgradeWallet
  | TopUp
  | Credit
  | PlaceHold
  | { readonly kind: 'release'; readonly paymentId: PaymentId }
  | { readonly kind: 'spend'; readonly paymentId: PaymentId }
  | PushSubWallet
  | RelimitSubWallet
  | CloseSubWallet
  | FreezeOrThaw;

export type WalletOpened = DomainEvent<
  'WalletOpened',
  {
    readonly walletId: WalletId;
    readonly tenant: TenantId;
    readonly owner: string;
    readonly label: string;
    readonly asset: Asset;
    /** Absent: opened without a holder. Such a wallet counts as tier II, so that older demo data goes on. */
    readonly tier?: WalletTier;
    readonly institutionId?: string;
  }
>;

/** `null` once erased. */
export type WalletHolderRegistered = DomainEvent<
  'WalletHolderRegistered',
  {
    readonly walletId: WalletId;
    readonly subjectId: SubjectId;
    readonly name: string | null;
    readonly phone: string | null;
  }
>;

/** What the holder was known by; `null` once erased. Which evidence a tier asks for is the application's. */
export interface WalletIdentity {
  readonly subjectId: SubjectId;
  readonly name: string | null;
  /** Resident identity number. */
  readonly number: string | null;
  /** Token of a bank account in the holder's name. */
  readonly bankAccount?: string | null;
  /** Of the visit at the institution's counter. */
  readonly counterReference?: string;
}

export type WalletUpgraded = DomainEvent<
  'WalletUpgraded',
  {
    readonly walletId: WalletId;
    readonly from: WalletTier;
    readonly to: WalletTier;
    readonly identity: WalletIdentity;
  }
>;

/** Money came in from outside: `world:topup` → `wallet:<id>`. */
export type WalletToppedUp = DomainEvent<
  'WalletToppedUp',
  {
    readonly walletId: WalletId;
    readonly topUpId: string;
    readonly amount: Money;
    readonly availableAfter: Money;
    readonly postings: readonly Posting[];
  }
>;

/** `<source>` → `wallet:<id>`. */
export type WalletCredited = DomainEvent<
  'WalletCredited',
  {
    readonly walletId: WalletId;
    readonly creditId: string;
    readonly amount: Money;
    readonly source: AccountPath;
    readonly availableAfter: Money;
    readonly postings: readonly Posting[];
  }
>;

interface HoldMoved {
  readonly walletId: WalletId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly availableAfter: Money;
  readonly heldAfter: Money;
}

/** Whose limits a hold counts against; absent: none. */
interface Counted {
  /** The day the hold counts for, whenever it is released. */
  readonly businessDate?: LocalDate;
  readonly subWalletId?: SubWalletId;
}

/** Money was promised to a payment: `wallet:<id>` → `hold:<payment>`. */
export type WalletHoldPlaced = DomainEvent<
  'WalletHoldPlaced',
  HoldMoved & Counted & { readonly postings: readonly Posting[] }
>;

/** The payment failed: `hold:<payment>` → `wallet:<id>`. */
export type WalletHoldReleased = DomainEvent<
  'WalletHoldReleased',
  HoldMoved & Counted & { readonly postings: readonly Posting[] }
>;

/** The payment was captured. No postings: the capture itself moved the money out of the hold. */
export type WalletHoldSpent = DomainEvent<'WalletHoldSpent', HoldMoved>;

/** A payment ended without ever holding money here; a hold of it that is still on its way must not succeed. */
export type WalletPaymentBarred = DomainEvent<
  'WalletPaymentBarred',
  { readonly walletId: WalletId; readonly paymentId: PaymentId }
>;

export type WalletFrozen = DomainEvent<
  'WalletFrozen',
  { readonly walletId: WalletId; readonly reason: string; readonly frozenAt: Instant }
>;

export type WalletThawed = DomainEvent<
  'WalletThawed',
  { readonly walletId: WalletId; readonly reason: string; readonly thawedAt: Instant }
>;

/** The owner gave an organisation a part of the wallet to spend from, under limits of its own. */
export type SubWalletPushed = DomainEvent<
  'SubWalletPushed',
  {
    readonly walletId: WalletId;
    readonly subWalletId: SubWalletId;
    /** What the organisation sees: random-looking, never the person. */
    readonly token: string;
    readonly organisationId: OrganisationId;
    readonly scene?: string;
    readonly single: Money;
    readonly day: Money;
    readonly pushedAt: Instant;
  }
>;

export type SubWalletRelimited = DomainEvent<
  'SubWalletRelimited',
  { readonly walletId: WalletId; readonly subWalletId: SubWalletId } & SubWalletLimits
>;

export type SubWalletClosed = DomainEvent<
  'SubWalletClosed',
  { readonly walletId: WalletId; readonly subWalletId: SubWalletId }
>;

export type WalletEvent =
  | WalletOpened
  | WalletHolderRegistered
  | WalletUpgraded
  | WalletToppedUp
  | WalletCredited
  | WalletHoldPlaced
  | WalletHoldReleased
  | WalletHoldSpent
  | WalletPaymentBarred
  | WalletFrozen
  | WalletThawed
  | SubWalletPushed
  | SubWalletRelimited
  | SubWalletClosed;

export type WalletRefusal = Rejection<
  | 'WALLET_NOT_FOUND'
  | 'INSUFFICIENT_FUNDS'
  | 'INVALID_AMOUNT'
  | 'LIMIT_EXCEEDED'
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_ENDED'
  | 'WALLET_FROZEN'
  | 'SUB_WALLET_NOT_FOUND'
  | 'SUB_WALLET_CLOSED'
  | 'TOO_MANY_SUB_WALLETS'
>;
