import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Page, Views } from '#libs/views/port/index.js';
import { AccountBalances, type AccountBalance } from '../contract/index.js';
import { narrowed, VisibleAccounts } from './accounts.js';
import { PastBalances, type Books } from './balances.js';
import { cursorOf, placeOf } from './cursor.js';
import { RecordedTime } from './recorded-time.js';
import type { LedgerTables } from './tables.js';

type Found = readonly (readonly [account: string, balance: bigint])[];

interface Sought {
  readonly books: Books;
  readonly scope: string;
  /** The account that the page before ended with. */
  readonly after: string;
  readonly limit: number;
}

@QueryHandler(AccountBalances)
export class AccountBalancesHandler implements IQueryHandler<AccountBalances> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RecordedTime) private readonly time: RecordedTime,
    @Inject(PastBalances) private readonly past: PastBalances,
    @Inject(VisibleAccounts) private readonly visible: VisibleAccounts,
  ) {}

  async execute({ context, of: { prefix, asOf, page } }: AccountBalances): Promise<Page<AccountBalance>> {
    const scopes = narrowed(await this.visible.of(context), prefix);
    const after = page.after === undefined ? '' : placeOf(page.after);
    const found: Found[number][] = [];
    for (const scope of scopes) {
      const limit = page.first + 1 - found.length;
      if (limit === 0) break;
      const sought = { books: { tenant: context.caller.tenant, asset: CNY }, scope, after, limit };
      found.push(...(asOf === undefined ? await this.#now(sought) : await this.#past(sought, asOf)));
    }
    return {
      items: found.slice(0, page.first).map(([account, balance]) => ({
        cursor: cursorOf(account),
        item: { account, balance: money(CNY, balance) },
      })),
      hasNextPage: found.length > page.first,
    };
  }

  async #now({ books: { tenant, asset }, scope, after, limit }: Sought): Promise<Found> {
    const rows = await this.views
      .database<LedgerTables>()
      .selectFrom('ledger_balance')
      .select(['account', 'balance_minor'])
      .where('tenant', '=', tenant)
      .where('asset', '=', asset)
      .where('account', '>=', scope)
      .where('account', '<', `${scope}~`)
      .where('account', '>', after)
      .orderBy('account')
      .limit(limit)
      .execute();
    return rows.map(({ account, balance_minor }) => [account, balance_minor]);
  }

  async #past({ books, scope, after, limit }: Sought, asOf: Instant): Promise<Found> {
    const balances = await this.past.below(books, scope, await this.time.lastEntryBy(asOf));
    return [...balances]
      .filter(([account]) => account > after)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit);
  }
}
