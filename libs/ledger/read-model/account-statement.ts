import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import { instantFromEpochMs } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Page, PageRequest, Views } from '#libs/views/port/index.js';
import {
  AccountStatement,
  type AccountStatementView,
  type StatementLine,
  type StatementRequest,
} from '../contract/index.js';
import { assertAccount, isIn, shownTo, streamShownTo, VisibleAccounts, type Scopes } from './accounts.js';
import { PastBalances, type Books } from './balances.js';
import { cursorOf, entryOf } from './cursor.js';
import { RecordedTime } from './recorded-time.js';
import type { EntryRow, LedgerTables } from './tables.js';

/** Entries after the first and up to the second. */
interface Period {
  readonly after: number;
  readonly upTo: number;
}

@QueryHandler(AccountStatement)
export class AccountStatementHandler implements IQueryHandler<AccountStatement> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RecordedTime) private readonly time: RecordedTime,
    @Inject(PastBalances) private readonly past: PastBalances,
    @Inject(VisibleAccounts) private readonly visible: VisibleAccounts,
  ) {}

  async execute({ context, of }: AccountStatement): Promise<AccountStatementView | undefined> {
    assertAccount(of.account);
    const resumed = of.page.after === undefined ? -1 : entryOf(of.page.after);
    const scopes = await this.visible.of(context);
    const books: Books = { tenant: context.caller.tenant, asset: CNY };
    const period = await this.#periodOf(of);
    const [first] = await this.#entries(books, of.account, { after: -1, upTo: Number.MAX_SAFE_INTEGER }, 1);
    if (!first || !isIn(scopes, of.account)) return undefined;
    const balanceAt = async (entry: number): Promise<Money> =>
      money(CNY, await this.past.of(books, of.account, entry));
    const start = Math.max(resumed, period.after);
    const rows = await this.#entries(books, of.account, { ...period, after: start }, of.page.first + 1);
    return {
      account: of.account,
      opening: await balanceAt(period.after),
      closing: await balanceAt(period.upTo),
      lines: pageOf(linesOf(rows, of.account, await balanceAt(start), scopes), of.page),
      unposted: this.time.unposted,
    };
  }

  /** Fixed before anything is read: what is posted meanwhile is on the next statement. */
  async #periodOf({ from, to }: StatementRequest): Promise<Period> {
    if (from !== undefined && to !== undefined && from > to)
      throw new InvalidInputError('INVALID_PERIOD', 'A statement ends after it begins.', ['to']);
    const after = from === undefined ? -1 : await this.time.lastEntryBy(from);
    return { after, upTo: to === undefined ? await this.time.lastEntry() : await this.time.lastEntryBy(to) };
  }

  /** Each side has an index in this order. */
  async #entries(
    { tenant, asset }: Books,
    account: string,
    { after, upTo }: Period,
    limit: number,
  ): Promise<readonly EntryRow[]> {
    const sides = await Promise.all(
      (['source', 'destination'] as const).map((side) =>
        this.views
          .database<LedgerTables>()
          .selectFrom('ledger_entry')
          .selectAll()
          .where('tenant', '=', tenant)
          .where('asset', '=', asset)
          .where(side, '=', account)
          .where('entry', '>', after)
          .where('entry', '<=', upTo)
          .orderBy('entry')
          .limit(limit)
          .execute(),
      ),
    );
    return sides
      .flat()
      .toSorted((a, b) => a.entry - b.entry)
      .slice(0, limit);
  }
}

function linesOf(
  rows: readonly EntryRow[],
  account: string,
  opening: Money,
  scopes: Scopes,
): readonly StatementLine[] {
  let balance = opening.amount;
  return rows.map((row) => {
    const isIncome = row.destination === account;
    const amount = isIncome ? row.amount_minor : -row.amount_minor;
    balance += amount;
    return {
      id: cursorOf(`${row.entry}`),
      amount: money(opening.asset, amount),
      balance: money(opening.asset, balance),
      counterparty: shownTo(scopes, isIncome ? row.source : row.destination),
      at: instantFromEpochMs(row.at_ms),
      recordedAt: instantFromEpochMs(row.recorded_ms),
      eventType: row.event_type,
      eventId: row.event_id,
      stream: streamShownTo(scopes, row.stream),
    };
  });
}

function pageOf(lines: readonly StatementLine[], { first }: PageRequest): Page<StatementLine> {
  return {
    items: lines.slice(0, first).map((line) => ({ cursor: line.id, item: line })),
    hasNextPage: lines.length > first,
  };
}
