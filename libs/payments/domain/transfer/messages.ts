import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId, TransferId, WalletId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** `topUp`: bank → wallet. `withdrawal`: wallet → bank. `personal`: wallet → wallet of somebody else, who asked for it. */
export type TransferKind = 'topUp' | 'withdrawal' | 'personal';

/** What the institution is asked to do; `refund` gives back a top-up that the wallet could not take. */
export type BankAct = 'collect' | 'payout' | 'refund';

/** Of the first try, answered for good. */
export interface TransferFailure {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly string[];
  readonly details?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly transferId: TransferId;
  readonly tenant: TenantId;
  /** Account id of who asked. */
  readonly account: string;
  /** Hex of SHA-256 over the input: the same key with another input is refused. */
  readonly inputHash: string;
  readonly amount: Money;
}

export type TransferRequest = Asked & {
  readonly kind: 'topUp' | 'withdrawal';
  readonly walletId: WalletId;
  /** The institution's token for the account; never an account number. */
  readonly bankAccount: string;
  readonly requestedAt: Instant;
};

/** Somebody asks for money and shows a code for it; whoever confirms first pays. */
export type CollectionOffer = Asked & {
  readonly walletId: WalletId;
  readonly expiresAt: Instant;
  readonly offeredAt: Instant;
};

interface Timed {
  readonly at: Instant;
}

export type TransferCommand =
  | { readonly kind: 'request'; readonly request: TransferRequest }
  | { readonly kind: 'offer'; readonly offer: CollectionOffer }
  | ({
      readonly kind: 'confirm';
      readonly tenant: TenantId;
      /** Account id and wallet of who pays. */
      readonly payer: string;
      readonly walletId: WalletId;
      readonly expected: Money;
    } & Timed)
  | ({ readonly kind: 'seek'; readonly act: BankAct; readonly expiresAt: Instant } & Timed)
  | ({ readonly kind: 'loseTrack'; readonly reason: string } & Timed)
  /** The institution did what it was asked. */
  | ({ readonly kind: 'succeed'; readonly act: BankAct; readonly reference: string } & Timed)
  /** Wallet to wallet: the payer's hold is taken. */
  | ({ readonly kind: 'take' } & Timed)
  /** `act`: what the institution declined. Absent: it was not asked, and must not have been by somebody else meanwhile. */
  | ({ readonly kind: 'refuse'; readonly act?: BankAct; readonly failure: TransferFailure } & Timed)
  | ({ readonly kind: 'fail' } & Timed)
  /** The wallet that should get it may not take it. */
  | ({ readonly kind: 'undeliver'; readonly failure: TransferFailure } & Timed)
  | ({ readonly kind: 'complete' } & Timed)
  /** A payout came back days later. */
  | ({ readonly kind: 'return'; readonly reference: string; readonly reason: string } & Timed)
  | ({ readonly kind: 'giveBack' } & Timed);

type OfTransfer = { readonly transferId: TransferId };
type Event<Type extends string, Data> = DomainEvent<Type, OfTransfer & Data>;

export type TransferRequested = DomainEvent<'TransferRequested', TransferRequest>;
export type CollectionOffered = DomainEvent<'CollectionOffered', CollectionOffer>;
export type CollectionConfirmed = Event<
  'CollectionConfirmed',
  { readonly payer: string; readonly walletId: WalletId; readonly confirmedAt: Instant }
>;
/** Stored before the institution hears of it. */
export type TransferSought = Event<
  'TransferSought',
  {
    readonly act: BankAct;
    readonly operationId: string;
    readonly expiresAt: Instant;
    readonly soughtAt: Instant;
  }
>;
export type TransferOutcomeUnknown = Event<
  'TransferOutcomeUnknown',
  { readonly act: BankAct; readonly reason: string; readonly since: Instant }
>;
/** The money has left its source: into clearing, or out to the bank. `reference`: the institution's. */
export type TransferTaken = Event<
  'TransferTaken',
  { readonly reference?: string; readonly postings: readonly Posting[]; readonly takenAt: Instant }
>;
/** A success after a failure: the money came all the same, and goes back. */
export type TransferLateSuccessRecorded = Event<
  'TransferLateSuccessRecorded',
  { readonly reference: string; readonly postings: readonly Posting[]; readonly recordedAt: Instant }
>;
/** A payout after its refusal: the bank account has the money, and so has the wallet; a person has to claim it. */
export type TransferPaidAfterAll = Event<
  'TransferPaidAfterAll',
  { readonly reference: string; readonly postings: readonly Posting[]; readonly paidAt: Instant }
>;
export type TransferRefused = Event<
  'TransferRefused',
  { readonly failure: TransferFailure; readonly refusedAt: Instant }
>;
export type TransferUndeliverable = Event<
  'TransferUndeliverable',
  { readonly failure: TransferFailure; readonly foundAt: Instant }
>;
/** Nothing of it is anywhere any more. Postings: what the institution took back. */
export type TransferFailed = Event<
  'TransferFailed',
  { readonly failure: TransferFailure; readonly postings?: readonly Posting[]; readonly failedAt: Instant }
>;
/** Where it was meant to be, and nothing of it is left to do. */
export type TransferCompleted = Event<'TransferCompleted', { readonly completedAt: Instant }>;
export type TransferReturned = Event<
  'TransferReturned',
  {
    readonly reference: string;
    readonly reason: string;
    readonly postings: readonly Posting[];
    readonly returnedAt: Instant;
  }
>;
/** The returned money is in the wallet again. */
export type TransferGivenBack = Event<'TransferGivenBack', { readonly givenBackAt: Instant }>;

export type TransferEvent =
  | TransferRequested
  | CollectionOffered
  | CollectionConfirmed
  | TransferSought
  | TransferOutcomeUnknown
  | TransferTaken
  | TransferLateSuccessRecorded
  | TransferPaidAfterAll
  | TransferRefused
  | TransferUndeliverable
  | TransferFailed
  | TransferCompleted
  | TransferReturned
  | TransferGivenBack;

export type TransferRefusal = Rejection<
  | 'IDEMPOTENCY_CONFLICT'
  | 'COLLECTION_NOT_FOUND'
  | 'COLLECTION_EXPIRED'
  | 'COLLECTION_TAKEN'
  | 'OWN_COLLECTION'
  | 'AMOUNT_MISMATCH'
>;
