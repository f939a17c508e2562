/**
 * An operating institution or bank outside, reached over a network. Its answers may be late, come twice, or never; so every
 * operation has an id of ours, the same on every attempt, and "no answer" is a state of its own: unknown, never failed.
 */
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';

/** `<process>-<uuid>` such as `payment-0b1c…`: names the process whose stream waits for the outcome. */
export type OperationId = string;

/**
 * - `collect`: pull the amount from the account behind `account`, for a payment or a top-up;
 * - `awaitCredit`: expect a credit transfer that names our reference; it succeeds when the money has come in;
 * - `payout`: push the amount to `account`, for a withdrawal;
 * - `refund`: give back (part of) the collect or credit `ofOperation`.
 */
export type OperationKind = 'collect' | 'awaitCredit' | 'payout' | 'refund';

export interface ChannelOperation {
  readonly operationId: OperationId;
  readonly kind: OperationKind;
  readonly tenant: TenantId;
  readonly amount: Money;
  /** The institution's token for the payer's or payee's account; never an account or card number. */
  readonly account?: string;
  readonly ofOperation?: OperationId;
  /** For the statement, at most 140 characters; never personal data. */
  readonly purpose: string;
  /** The institution must not let the operation succeed later than this. */
  readonly expiresAt: Instant;
}

export type ChannelReply =
  | { readonly outcome: 'succeeded'; readonly reference: string; readonly at: Instant }
  | { readonly outcome: 'declined'; readonly reason: string }
  /** Taken on; a notice will follow. `instructions`: what the payer must do, for `awaitCredit`. */
  | { readonly outcome: 'pending'; readonly instructions?: { readonly remittanceCode: string } }
  /** Barred: the institution promises that it will never succeed. */
  | { readonly outcome: 'cancelled' }
  /** Answer of `query` only: never heard of. It may still be on its way there. */
  | { readonly outcome: 'notFound' };

/**
 * All methods are idempotent by `operationId`.
 *
 * @throws ChannelUnknown when no trustworthy answer came: timeout, broken connection, 5xx, bad signature. The operation may have
 *   taken effect.
 * @throws ChannelMisused when the institution refused the request itself (same id with other content, unknown kind): a bug of ours
 */
export interface ExternalChannel {
  submit(operation: ChannelOperation): Promise<ChannelReply>;
  query(operation: Pick<ChannelOperation, 'operationId' | 'tenant'>): Promise<ChannelReply>;
  /** Succeeds too late → the reply says `succeeded`. */
  cancel(operation: Pick<ChannelOperation, 'operationId' | 'tenant'>): Promise<ChannelReply>;
  /** The institution's books of one day: camt.053 (statement) or camt.054 (notices), XML. */
  statement(request: {
    readonly tenant: TenantId;
    readonly date: LocalDate;
    readonly format: 'camt.053' | 'camt.054';
  }): Promise<string>;
}

/** Injection token of `ExternalChannel`. */
export const EXTERNAL_CHANNEL = Symbol('EXTERNAL_CHANNEL');

/** What the institution tells us on its own account, signature checked; it comes late, twice and out of order. */
export interface ChannelNotice {
  readonly noticeId: string;
  readonly operationId: OperationId;
  /** Of the institution's key, never of the message. */
  readonly tenant: TenantId;
  readonly outcome: 'succeeded' | 'declined' | 'returned';
  readonly amount: Money;
  readonly reference: string;
  readonly reason?: string;
  readonly at: Instant;
}

/** `taken`: durable here, and so is its meaning; `unknownOperation`: not one of this tenant's; `contradicts`: kept as a case. */
export type NoticeAnswer = 'taken' | 'unknownOperation' | 'contradicts';

/** Who waits for notices: one per process prefix of the operation id (`payment`, `refund`, `transfer`). */
export interface NoticeReceiver {
  readonly prefix: string;
  /** Resolves when the notice's meaning is durable; until then the institution must repeat it. Idempotent. */
  receive(notice: ChannelNotice): Promise<NoticeAnswer>;
}

/** Injection token of `readonly NoticeReceiver[]`; collected by the composition root. */
export const NOTICE_RECEIVERS = Symbol('NOTICE_RECEIVERS');

export class ChannelUnknown extends Error {
  override readonly name = 'ChannelUnknown';
}

export class ChannelMisused extends Error {
  override readonly name = 'ChannelMisused';
}
