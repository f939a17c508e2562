import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { TrialBalance, type AccountBalance } from '../contract/index.js';
import type { PaymentsTables } from './tables.js';

type Balances = { readonly accounts: readonly AccountBalance[]; readonly sum: Money };

/** The sum is computed by the store over the same rows, not by adding up what was read. */
@QueryHandler(TrialBalance)
export class TrialBalanceHandler implements IQueryHandler<TrialBalance> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller } }: TrialBalance): Promise<Balances> {
    // Bound to one organisation, an auditor sees that one's figures only: not the tenant's ledger.
    const allowed = caller.organisation === undefined && hasRole(caller, ['auditor', 'ops']);
    if (!allowed) return { accounts: [], sum: money(CNY, 0n) };
    const ledger = this.views
      .database<PaymentsTables>()
      .selectFrom('account_balance')
      .where('tenant', '=', caller.tenant)
      .where('asset', '=', CNY);
    const rows = await ledger.select(['account', 'balance_minor']).orderBy('account').execute();
    const { sum_minor } = await ledger
      .select(({ fn }) => fn.sum<bigint | null>('balance_minor').as('sum_minor'))
      .executeTakeFirstOrThrow();
    return {
      accounts: rows.map(({ account, balance_minor }) => ({ account, balance: money(CNY, balance_minor) })),
      sum: money(CNY, BigInt(sum_minor ?? 0)),
    };
  }
}
