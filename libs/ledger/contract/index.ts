/**
 * What other contexts and the gateway may see of the ledger: the fold of every posting of every context. It has no write
 * side. Balances and statements "as of" follow the time at which the log recorded an event (decision 0020), to the millisecond.
 */
import { Query } from '@nestjs/cqrs';
import type { AccountPath, Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';

export interface AccountBalance {
  readonly account: AccountPath;
  readonly balance: Money;
}

export interface TrialBalanceView {
  readonly accounts: readonly AccountBalance[];
  /** Of all accounts: always zero. */
  readonly sum: Money;
  /** Events that could not be posted and lie in the dead letters: what they moved is missing here. Zero in a sound ledger. */
  readonly unposted: number;
}

/**
 * Roles `auditor` and `ops` of the tenant: every account and their sum. `asOf`: what had been recorded by then, that instant
 * included; without it, everything up to now.
 *
 * @throws AsOfNotProjected
 */
export class TrialBalance extends Query<TrialBalanceView> {
  constructor(
    readonly context: RequestContext,
    readonly asOf?: Instant,
  ) {
    super();
  }
}

/**
 * Balances of the accounts whose path begins with `prefix` and that the caller may see, by path: roles `auditor` and `ops` of
 * the tenant all of them, staff of an organisation `org:<its id>:…`, a payer `wallet:<own>`.
 *
 * @throws AsOfNotProjected
 * @throws InvalidInputError `INVALID_ACCOUNT`, `INVALID_CURSOR`
 */
export class AccountBalances extends Query<Page<AccountBalance>> {
  constructor(
    readonly context: RequestContext,
    readonly of: { readonly prefix: string; readonly asOf?: Instant; readonly page: PageRequest },
  ) {
    super();
  }
}

export interface StatementLine {
  /** Opaque; one per posting. */
  readonly id: string;
  /** Above zero: came in. Below: went out. */
  readonly amount: Money;
  /** Of the account after this line. */
  readonly balance: Money;
  /** The other end; `null` where it is a person's wallet and the caller may not know whose. */
  readonly counterparty: AccountPath | null;
  /** Business time of the act. */
  readonly at: Instant;
  /** When the log recorded it: what statements are cut by. */
  readonly recordedAt: Instant;
  /** `PaymentCaptured`. */
  readonly eventType: string;
  readonly eventId: string;
  /** The process that moved the money, such as `payment-<id>`; `null` where it would name somebody else's wallet. */
  readonly stream: string | null;
}

export interface AccountStatementView {
  readonly account: AccountPath;
  /** Balance as of `from`; zero without. */
  readonly opening: Money;
  /** Balance as of `to`; the latest without. */
  readonly closing: Money;
  /** What was recorded after `from`, up to and including `to`: one statement's closing is the next one's opening. */
  readonly lines: Page<StatementLine>;
  readonly unposted: number;
}

export interface StatementRequest {
  readonly account: AccountPath;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly page: PageRequest;
}

/**
 * `undefined` for an account that is not the caller's to see, and for one that nothing was ever posted to: both alike.
 *
 * @throws AsOfNotProjected
 * @throws InvalidInputError `INVALID_ACCOUNT`, `INVALID_CURSOR`, `INVALID_PERIOD`
 */
export class AccountStatement extends Query<AccountStatementView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly of: StatementRequest,
  ) {
    super();
  }
}

/** The ledger cannot vouch yet for the moment asked about: it lies in the future, has just been, or is not applied yet. */
export class AsOfNotProjected extends Error {
  override readonly name = 'AsOfNotProjected';
  constructor(
    readonly asOf: Instant,
    /** The latest moment that can be answered now; `undefined` while there is none. */
    readonly projectedUntil: Instant | undefined,
  ) {
    super(`The ledger cannot answer for ${asOf} yet; it can up to ${projectedUntil ?? 'no moment so far'}.`);
  }
}

/** An event after which a contract and its custody account had gone apart, or that moved custody without being the contract's own. */
export interface CustodyBreachView {
  readonly contractId: string;
  readonly kind: 'DIFFERENCE' | 'FOREIGN_POSTING';
  /** Place of the event in the log. */
  readonly position: string;
  readonly eventType: string;
  /** By how much the account went beyond what the contract says; of a foreign posting what it moved into the account. */
  readonly amount: Money;
}

/** Invariant I13, of the tenant and in CNY. Sound books: no breach, nothing apart, and held = posted = ledger. */
export interface CustodyCheckView {
  readonly contracts: number;
  /** By the contracts' own totals. */
  readonly held: Money;
  /** By every posting to a custody account. */
  readonly posted: Money;
  /** By the ledger's balances of the accounts `custody:…`. */
  readonly ledger: Money;
  /** Contracts whose account does not hold now what they say. */
  readonly apart: number;
  readonly breachCount: number;
  /** In log order, at most 100. */
  readonly breaches: readonly CustodyBreachView[];
  /** Paid in or released to another contract, and not deposited yet. */
  readonly fundingClearing: Money;
  /** Paid out, and not arrived yet. */
  readonly payoutClearing: Money;
}

/** Roles `auditor` and `ops` of the tenant; `undefined` for everybody else. */
export class CustodyCheck extends Query<CustodyCheckView | undefined> {
  constructor(readonly context: RequestContext) {
    super();
  }
}
