import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export type HardWalletId = Id<'hardWallet'>;

/** What a device signs when it pays without a network; the signature was checked before it comes here. */
export interface OfflinePayment {
  /** 1 for the first payment of the device, and one more for each that follows. */
  readonly counter: number;
  /** Hex of SHA-256 over the signed content. */
  readonly digest: string;
  readonly amount: Money;
  readonly organisationId: OrganisationId;
  /** Bill id. */
  readonly reference: string;
  readonly paidAt: Instant;
}

export interface IssuedHardWallet {
  readonly hardWalletId: HardWalletId;
  readonly tenant: TenantId;
  readonly owner: string;
  /** The wallet it is loaded from. */
  readonly walletId: WalletId;
  /** Ed25519, 32 bytes in base64url. */
  readonly publicKey: string;
  /** Payments that the device may make between two loads. */
  readonly permitted: number;
  readonly issuedAt: Instant;
}

interface Timed {
  readonly at: Instant;
}

export type HardWalletCommand =
  | { readonly kind: 'issue'; readonly hardWallet: IssuedHardWallet }
  /** The device is in touch with the bank: it asks for money and says how far it has counted. */
  | ({
      readonly kind: 'requestLoad';
      readonly tenant: TenantId;
      readonly owner: string;
      /** Derived from the caller's idempotency key. */
      readonly loadId: string;
      readonly amount: Money;
      readonly counter: number;
    } & Timed)
  | ({ readonly kind: 'load'; readonly loadId: string } & Timed)
  | ({ readonly kind: 'refuseLoad'; readonly loadId: string; readonly failure: LoadFailure } & Timed)
  | ({
      readonly kind: 'sync';
      readonly tenant: TenantId;
      readonly payments: readonly OfflinePayment[];
    } & Timed)
  | ({ readonly kind: 'settle'; readonly counter: number; readonly paymentId: PaymentId } & Timed)
  | ({ readonly kind: 'suspend'; readonly counter: number; readonly reason: string } & Timed);

export interface LoadFailure {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}

type OfHardWallet = { readonly hardWalletId: HardWalletId };
type Event<Type extends string, Data> = DomainEvent<Type, OfHardWallet & Data>;

export type HardWalletIssued = DomainEvent<'HardWalletIssued', IssuedHardWallet>;
export type HardWalletLoadRequested = Event<
  'HardWalletLoadRequested',
  { readonly loadId: string; readonly amount: Money; readonly counter: number; readonly requestedAt: Instant }
>;
/** `hold:<load>` → `wallet:<hard wallet>`. */
export type HardWalletLoaded = Event<
  'HardWalletLoaded',
  {
    readonly loadId: string;
    readonly amount: Money;
    readonly balanceAfter: Money;
    readonly postings: readonly Posting[];
    readonly loadedAt: Instant;
  }
>;
export type HardWalletLoadRefused = Event<
  'HardWalletLoadRefused',
  { readonly loadId: string; readonly failure: LoadFailure; readonly refusedAt: Instant }
>;
/** The money has left the device: `wallet:<hard wallet>` → `clearing:offline`. */
export type OfflinePaymentTaken = Event<
  'OfflinePaymentTaken',
  OfflinePayment & {
    readonly balanceAfter: Money;
    readonly postings: readonly Posting[];
    readonly takenAt: Instant;
  }
>;
/** Paid to the bill that it names. */
export type OfflinePaymentSettled = Event<
  'OfflinePaymentSettled',
  { readonly counter: number; readonly paymentId: PaymentId; readonly settledAt: Instant }
>;
/** No bill took it: `clearing:offline` → `suspense:<organisation>`. */
export type OfflinePaymentSuspended = Event<
  'OfflinePaymentSuspended',
  {
    readonly counter: number;
    readonly organisationId: OrganisationId;
    readonly amount: Money;
    readonly reason: string;
    readonly postings: readonly Posting[];
    readonly suspendedAt: Instant;
  }
>;
/**
 * A signed payment that an honest device cannot have made: the counter was used for another (`counterReused`), or it is more than the
 * device was loaded with (`beyondBalance`). Nothing is paid by it.
 */
export type OfflineDoubleSpendDetected = Event<
  'OfflineDoubleSpendDetected',
  OfflinePayment & {
    readonly why: 'counterReused' | 'beyondBalance';
    /** Of the payment that was taken by this counter. */
    readonly takenDigest?: string;
    readonly detectedAt: Instant;
  }
>;

export type HardWalletEvent =
  | HardWalletIssued
  | HardWalletLoadRequested
  | HardWalletLoaded
  | HardWalletLoadRefused
  | OfflinePaymentTaken
  | OfflinePaymentSettled
  | OfflinePaymentSuspended
  | OfflineDoubleSpendDetected;

export type HardWalletRefusal = Rejection<
  'HARD_WALLET_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'COUNTER_BEHIND'
>;
