import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { TrialBalance, type TrialBalanceView } from '../contract/index.js';
import { PastBalances, type Books } from './balances.js';
import { RecordedTime } from './recorded-time.js';
import type { LedgerTables } from './tables.js';

@QueryHandler(TrialBalance)
export class TrialBalanceHandler implements IQueryHandler<TrialBalance> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RecordedTime) private readonly time: RecordedTime,
    @Inject(PastBalances) private readonly past: PastBalances,
  ) {}

  async execute({ context: { caller }, asOf }: TrialBalance): Promise<TrialBalanceView> {
    // Bound to one organisation, an auditor sees that one's figures only: not the tenant's ledger.
    const allowed = caller.organisation === undefined && hasRole(caller, ['auditor', 'ops']);
    if (!allowed) return { accounts: [], sum: money(CNY, 0n), unposted: 0 };
    const books: Books = { tenant: caller.tenant, asset: CNY };
    const { balances, sum } = asOf === undefined ? await this.#now(books) : await this.#past(books, asOf);
    const accounts = balances.map(([account, balance]) => ({ account, balance: money(CNY, balance) }));
    return { accounts, sum: money(CNY, sum), unposted: this.time.unposted };
  }

  /** The sum is computed by the store over the same rows, not by adding up what was read. */
  #now({ tenant, asset }: Books) {
    return this.views
      .database<LedgerTables>()
      .transaction()
      .execute(async (snapshot) => {
        const ledger = snapshot
          .selectFrom('ledger_balance')
          .where('tenant', '=', tenant)
          .where('asset', '=', asset);
        const rows = await ledger.select(['account', 'balance_minor']).orderBy('account').execute();
        const { sum_minor } = await ledger
          .select(({ fn }) => fn.sum<bigint | null>('balance_minor').as('sum_minor'))
          .executeTakeFirstOrThrow();
        const balances = rows.map(({ account, balance_minor }) => [account, balance_minor] as const);
        return { balances, sum: sum_minor ?? 0n };
      });
  }

  async #past(books: Books, asOf: Instant) {
    const balances = [...(await this.past.below(books, '', await this.time.lastEntryBy(asOf)))];
    return {
      balances: balances.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      sum: balances.reduce((sum, [, balance]) => sum + balance, 0n),
    };
  }
}
