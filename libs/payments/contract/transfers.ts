/** Transfers of wallets as others see them: top-ups and withdrawals by bank, collections from person to person. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { TransferId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { TransferKind } from '../domain/transfer/index.js';

/** `RETURNED`: the bank sent a withdrawal back, and the money is in the wallet again. */
export type TransferProgress = 'OFFERED' | 'PENDING' | 'UNKNOWN' | 'COMPLETED' | 'FAILED' | 'RETURNED';

export type TransferRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'INVALID_AMOUNT'
  | 'WALLET_NOT_FOUND'
  | 'WALLET_FROZEN'
  | 'INSUFFICIENT_FUNDS'
  | 'LIMIT_EXCEEDED'
  | 'CHANNEL_DECLINED';

export interface TransferView {
  readonly id: TransferId;
  readonly kind: TransferKind;
  readonly status: TransferProgress;
  readonly amount: Money;
  /** The caller's own wallet on either side; never the other person's. */
  readonly walletId?: WalletId;
  /** Whether the money goes into the caller's wallet or out of it. */
  readonly direction: 'IN' | 'OUT';
  /** Offers: until when they can be paid. */
  readonly expiresAt?: Instant;
  readonly requestedAt: Instant;
  /** The institution's. */
  readonly reference?: string;
  readonly failure?: { readonly code: TransferRejectionCode; readonly message: string };
}

interface MoveInput {
  readonly idempotencyKey: string;
  readonly walletId: WalletId;
  readonly amount: Money;
  /** The institution's token for the caller's account; never an account number. */
  readonly bankAccount: string;
}

/** The institution collects from the owner's bank account. Answers PENDING or UNKNOWN while the institution has the next word. */
export class TopUpFromBank extends Command<
  Outcome<TransferView, Rejection<Exclude<TransferRejectionCode, 'WALLET_FROZEN' | 'INSUFFICIENT_FUNDS'>>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: MoveInput,
  ) {
    super();
  }
}

/** The owner's money goes to their bank account. */
export class WithdrawFromWallet extends Command<
  Outcome<TransferView, Rejection<Exclude<TransferRejectionCode, 'LIMIT_EXCEEDED'>>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: MoveInput,
  ) {
    super();
  }
}

/** What a payee shows as a code. */
export interface CollectionView {
  readonly id: TransferId;
  /** To be drawn as a QR code. */
  readonly content: string;
  readonly amount: Money;
  readonly expiresAt: Instant;
  /** `PAID` from the moment that somebody has confirmed. */
  readonly status: 'OPEN' | 'PAID' | 'EXPIRED' | 'FAILED';
}

/** Role `payer`: asks for money into one of the caller's wallets; whoever pays first. */
export class RequestCollection extends Command<
  Outcome<
    CollectionView,
    Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'INVALID_AMOUNT' | 'WALLET_NOT_FOUND'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly walletId: WalletId;
      readonly amount: Money;
      /** Default: in ten minutes; at most in a day. */
      readonly expiresAt?: Instant;
    },
  ) {
    super();
  }
}

/** Anybody with role `payer`: what a scanned code asks for; nothing of who asks. */
export class CollectionByContent extends Query<CollectionView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly content: string,
  ) {
    super();
  }
}

/** Role `payer`: pays what was asked for. A collection is paid once; the same payer again is answered alike. */
export class ConfirmCollection extends Command<
  Outcome<
    TransferView,
    Rejection<
      | Exclude<TransferRejectionCode, 'CHANNEL_DECLINED'>
      | 'COLLECTION_NOT_FOUND'
      | 'COLLECTION_EXPIRED'
      | 'COLLECTION_TAKEN'
      | 'OWN_COLLECTION'
      | 'AMOUNT_MISMATCH'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly content: string;
      readonly walletId: WalletId;
      /** What the payer was shown. */
      readonly expected: Money;
    },
  ) {
    super();
  }
}

/** The caller's own, either side. */
export class TransferById extends Query<TransferView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: TransferId,
  ) {
    super();
  }
}

/** The caller's own, newest first. */
export class TransfersOf extends Query<Page<TransferView>> {
  constructor(
    readonly context: RequestContext,
    readonly page: PageRequest,
  ) {
    super();
  }
}
