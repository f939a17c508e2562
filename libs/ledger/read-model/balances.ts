import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { AccountPath, Asset } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { EntryRow, LedgerTables } from './tables.js';

/** One tenant's books in one asset. */
export interface Books {
  readonly tenant: string;
  readonly asset: Asset;
}

/** By account, minor units. */
export type BalancesByAccount = ReadonlyMap<AccountPath, bigint>;

/** After every character that a path can have. */
const AFTER_ALL = '~';
/** Entries read, or added up within one account, without a break: some 10 ms during which nobody else is served. */
const READ_AT_ONCE = 5_000;
const ADDED_AT_ONCE = 50_000;
/** Whole books of past moments kept: their pages are asked for one after the other. */
const KEPT_BOOKS = 2;

/** Scopes below which there are few accounts: an organisation's, a wallet's. Others are as good as the whole books. */
const FEW = /^(org:[^:]+:|wallet:[0-9a-f-]{36}$)/;

const SIDES = ['source', 'destination'] as const;
type Side = (typeof SIDES)[number];
type Database = Kysely<LedgerTables>;

/** Balances as they stood after an entry. What lies up to an entry never changes, so that nothing here needs a snapshot. */
@Injectable()
export class PastBalances {
  readonly #kept = new RecentlyUsed<BalancesByAccount>(KEPT_BOOKS);

  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'timers'>,
  ) {}

  /** Of one account; zero when nothing had been posted to it. */
  async of(books: Books, account: AccountPath, upTo: number): Promise<bigint> {
    return (
      (await this.#sum(books, { side: 'destination', account, upTo })) -
      (await this.#sum(books, { side: 'source', account, upTo }))
    );
  }

  /** Of every account below the scope; holds that had come to zero are left out. */
  async below(books: Books, scope: string, upTo: number): Promise<BalancesByAccount> {
    if (FEW.test(scope)) return this.#few(books, scope, upTo);
    const balances = [...(await this.#all(books, upTo))];
    return new Map(balances.filter(([account]) => account.startsWith(scope)));
  }

  async #few(books: Books, scope: string, upTo: number): Promise<BalancesByAccount> {
    const balances = new Map<AccountPath, bigint>();
    for (const side of SIDES) {
      for (let account = await this.#next(books, { side, scope, upTo, after: '' }); account;) {
        if (!balances.has(account)) balances.set(account, await this.of(books, account, upTo));
        account = await this.#next(books, { side, scope, upTo, after: account });
      }
    }
    return balances;
  }

  /** The next account that had been posted to, by the index. */
  async #next(
    { tenant, asset }: Books,
    { side, scope, after, upTo }: { side: Side; scope: string; after: string; upTo: number },
  ): Promise<AccountPath | undefined> {
    for (let from = after; ;) {
      const next = await this.#database
        .selectFrom('ledger_entry')
        .select([side, 'entry'])
        .where('tenant', '=', tenant)
        .where('asset', '=', asset)
        .where(side, '>=', scope)
        .where(side, '<', scope + AFTER_ALL)
        .where(side, '>', from)
        .orderBy(side)
        .orderBy('entry')
        .limit(1)
        .executeTakeFirst();
      // Its first entry: later than the moment asked about means that it was not there yet.
      if (!next || next.entry <= upTo) return next?.[side];
      from = next[side];
    }
  }

  async #sum(
    { tenant, asset }: Books,
    { side, account, upTo }: { side: Side; account: AccountPath; upTo: number },
  ): Promise<bigint> {
    let total = 0n;
    for (let after = -1; ; await this.#pause()) {
      const { sum_minor, count, last } = await this.#database
        .selectFrom((ledger) =>
          ledger
            .selectFrom('ledger_entry')
            .select(['entry', 'amount_minor'])
            .where('tenant', '=', tenant)
            .where('asset', '=', asset)
            .where(side, '=', account)
            .where('entry', '>', after)
            .where('entry', '<=', upTo)
            .orderBy('entry')
            .limit(ADDED_AT_ONCE)
            .as('some'),
        )
        .select(({ fn }) => [
          fn.sum<bigint | null>('amount_minor').as('sum_minor'),
          fn.countAll<number>().as('count'),
          fn.max('entry').as('last'),
        ])
        .executeTakeFirstOrThrow();
      total += sum_minor ?? 0n;
      if (count < ADDED_AT_ONCE) return total;
      after = last;
    }
  }

  async #all(books: Books, upTo: number): Promise<BalancesByAccount> {
    const key = `${books.tenant} ${books.asset} ${upTo}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const balances = new Map<AccountPath, bigint>();
    for (let after = -1; ; await this.#pause()) {
      const rows = await this.#entries(after, upTo);
      for (const row of rows)
        if (row.tenant === books.tenant && row.asset === books.asset) post(balances, row);
      if (rows.length < READ_AT_ONCE) break;
      after = rows.at(-1)!.entry;
    }
    this.#kept.set(key, balances);
    return balances;
  }

  /** Of every tenant: asked for one alone, the store would take an index on the tenant and walk over all of it each time. */
  #entries(after: number, upTo: number) {
    return this.#database
      .selectFrom('ledger_entry')
      .select(['entry', 'tenant', 'asset', 'source', 'destination', 'amount_minor'])
      .where('entry', '>', after)
      .where('entry', '<=', upTo)
      .orderBy('entry')
      .limit(READ_AT_ONCE)
      .execute();
  }

  /** Lets others be served. */
  #pause(): Promise<void> {
    return this.runtime.timers.sleep(0);
  }

  get #database(): Database {
    return this.views.database<LedgerTables>();
  }
}

type Moved = Pick<EntryRow, 'source' | 'destination' | 'amount_minor'>;

function post(balances: Map<AccountPath, bigint>, { source, destination, amount_minor }: Moved): void {
  balances.set(source, (balances.get(source) ?? 0n) - amount_minor);
  balances.set(destination, (balances.get(destination) ?? 0n) + amount_minor);
  // Holds come and go by the million.
  if (balances.get(source) === 0n && source.startsWith('hold:')) balances.delete(source);
}
