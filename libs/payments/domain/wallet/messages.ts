import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { PaymentId, TenantId, WalletId } from '#libs/kernel/ids/index.js';
import type { Asset, Money, Posting } from '#libs/kernel/money/index.js';

/** What a wallet may take in: data handed to the command. */
export interface WalletLimits {
  readonly singleTopUp: Money;
  /** Of available and held together. */
  readonly balance: Money;
}

export type WalletCommand =
  | {
      readonly kind: 'open';
      readonly walletId: WalletId;
      readonly tenant: TenantId;
      /** Account id. */
      readonly owner: string;
      readonly label: string;
      readonly asset: Asset;
    }
  | {
      readonly kind: 'topUp';
      readonly tenant: TenantId;
      readonly owner: string;
      /** Derived from the caller's idempotency key. */
      readonly topUpId: string;
      readonly amount: Money;
      readonly limits: WalletLimits;
    }
  | {
      readonly kind: 'hold';
      readonly tenant: TenantId;
      readonly owner: string;
      readonly paymentId: PaymentId;
      readonly amount: Money;
    }
  | { readonly kind: 'release'; readonly paymentId: PaymentId }
  | { readonly kind: 'spend'; readonly paymentId: PaymentId };

export type WalletOpened = DomainEvent<
  'WalletOpened',
  {
    readonly walletId: WalletId;
    readonly tenant: TenantId;
    readonly owner: string;
    readonly label: string;
    readonly asset: Asset;
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

interface HoldMoved {
  readonly walletId: WalletId;
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly availableAfter: Money;
  readonly heldAfter: Money;
}

/** Money was promised to a payment: `wallet:<id>` → `hold:<payment>`. */
export type WalletHoldPlaced = DomainEvent<
  'WalletHoldPlaced',
  HoldMoved & { readonly postings: readonly Posting[] }
>;

/** The payment failed: `hold:<payment>` → `wallet:<id>`. */
export type WalletHoldReleased = DomainEvent<
  'WalletHoldReleased',
  HoldMoved & { readonly postings: readonly Posting[] }
>;

/** The payment was captured. No postings: the capture itself moved the money out of the hold. */
export type WalletHoldSpent = DomainEvent<'WalletHoldSpent', HoldMoved>;

/** A payment ended without ever holding money here; a hold of it that is still on its way must not succeed. */
export type WalletPaymentBarred = DomainEvent<
  'WalletPaymentBarred',
  { readonly walletId: WalletId; readonly paymentId: PaymentId }
>;

export type WalletEvent =
  | WalletOpened
  | WalletToppedUp
  | WalletHoldPlaced
  | WalletHoldReleased
  | WalletHoldSpent
  | WalletPaymentBarred;

export type WalletRefusal = Rejection<
  | 'WALLET_NOT_FOUND'
  | 'INSUFFICIENT_FUNDS'
  | 'INVALID_AMOUNT'
  | 'LIMIT_EXCEEDED'
  | 'IDEMPOTENCY_CONFLICT'
  | 'PAYMENT_ENDED'
>;
