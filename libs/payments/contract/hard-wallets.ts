/** Hard wallets as others see them: devices that pay without a network. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { HardWalletId } from '../domain/hard-wallet/index.js';

export type { HardWalletId };

export interface HardWalletView {
  readonly id: HardWalletId;
  readonly walletId: WalletId;
  /** Loaded minus what was brought in so far; the device itself may have paid more by now. */
  readonly balance: Money;
  /** Payments that it may make between two loads. */
  readonly permitted: number;
  /** Highest counter brought in so far. */
  readonly lastCounter: number;
}

/** The owner of a wallet registers a device by its public key. The same key of the same wallet is the same device. */
export class IssueHardWallet extends Command<
  Outcome<HardWalletView, Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      /** Ed25519, 32 bytes in base64url. */
      readonly publicKey: string;
    },
  ) {
    super();
  }
}

export type LoadHardWalletRejectionCode =
  | 'FORBIDDEN'
  | 'HARD_WALLET_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  | 'COUNTER_BEHIND'
  | 'INSUFFICIENT_FUNDS'
  | 'LIMIT_EXCEEDED'
  | 'WALLET_FROZEN';

/** The device is in touch with the bank: money goes from the wallet to it, and the permitted number counts anew from `counter`. */
export class LoadHardWallet extends Command<Outcome<HardWalletView, Rejection<LoadHardWalletRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly hardWalletId: HardWalletId;
      readonly amount: Money;
      /** How far the device has counted. */
      readonly counter: number;
    },
  ) {
    super();
  }
}

/** What the device signed: RFC 8785 JSON of everything but the signature, amounts in minor units as text. */
export interface OfflineToken {
  readonly hardWalletId: HardWalletId;
  readonly counter: number;
  readonly amount: Money;
  readonly organisationId: OrganisationId;
  /** Bill id. */
  readonly reference: string;
  readonly at: Instant;
  /** Ed25519, base64url. */
  readonly signature: string;
}

export type OfflineOutcome =
  | 'PAID'
  /** The money was taken but no bill took it; it lies in the organisation's suspense account, and a case is open. */
  | 'SUSPENDED'
  /** The counter was used for another payment, or the device was not loaded with so much; nothing was paid, and a case is open. */
  | 'DOUBLE_SPEND'
  | 'TOO_MANY_OFFLINE'
  | 'INVALID_TOKEN';

export interface SyncedPayment {
  readonly hardWalletId: HardWalletId;
  readonly counter: number;
  readonly outcome: OfflineOutcome;
  readonly paymentId?: PaymentId;
}

/** Roles `clerk` and `bursar` of the organisation that was paid. A payment that was brought before is answered as the first time. */
export class SyncOfflinePayments extends Command<
  Outcome<{ readonly payments: readonly SyncedPayment[] }, Rejection<'FORBIDDEN' | 'TOO_MANY_TOKENS'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly tokens: readonly OfflineToken[] },
  ) {
    super();
  }
}

/** The caller's own. */
export class HardWalletsOf extends Query<readonly HardWalletView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}
