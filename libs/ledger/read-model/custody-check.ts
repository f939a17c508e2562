import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Transaction } from 'kysely';
import { CNY, money } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { CustodyCheck, type CustodyBreachView, type CustodyCheckView } from '../contract/index.js';
import type { CustodyTables } from './custody-tables.js';
import type { LedgerTables } from './tables.js';

/** Breaches shown; the rest is counted. */
const MOST_SHOWN = 100;

type Tables = CustodyTables & LedgerTables;

interface Books {
  readonly tenant: string;
  readonly asset: string;
}

/** Contracts, their accounts by the custody view and by the ledger, in one snapshot of the views. */
@QueryHandler(CustodyCheck)
export class CustodyCheckHandler implements IQueryHandler<CustodyCheck> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller } }: CustodyCheck): Promise<CustodyCheckView | undefined> {
    // Bound to one organisation, an auditor sees that one's figures only: not the tenant's custody.
    if (caller.organisation !== undefined || !hasRole(caller, ['auditor', 'ops'])) return undefined;
    const books = { tenant: caller.tenant, asset: CNY };
    return this.views
      .database<Tables>()
      .transaction()
      .execute(async (snapshot) => ({
        ...(await sumsOf(snapshot, books)),
        ...(await breachesOf(snapshot, books)),
        ...(await ledgerOf(snapshot, books)),
      }));
  }
}

async function sumsOf(
  snapshot: Transaction<Tables>,
  { tenant, asset }: Books,
): Promise<Pick<CustodyCheckView, 'contracts' | 'held' | 'posted' | 'apart'>> {
  const own = snapshot.selectFrom('custody_contract').where('tenant', '=', tenant).where('asset', '=', asset);
  const { contracts, held, posted } = await own
    .select(({ fn }) => [
      fn.countAll<number>().as('contracts'),
      fn.sum<bigint | null>('held_minor').as('held'),
      fn.sum<bigint | null>('posted_minor').as('posted'),
    ])
    .executeTakeFirstOrThrow();
  const { apart } = await own
    .select(({ fn }) => fn.countAll<number>().as('apart'))
    .whereRef('held_minor', '!=', 'posted_minor')
    .executeTakeFirstOrThrow();
  return {
    contracts: Number(contracts),
    held: money(CNY, BigInt(held ?? 0n)),
    posted: money(CNY, BigInt(posted ?? 0n)),
    apart: Number(apart),
  };
}

async function breachesOf(
  snapshot: Transaction<Tables>,
  { tenant }: Books,
): Promise<Pick<CustodyCheckView, 'breachCount' | 'breaches'>> {
  const own = snapshot.selectFrom('custody_breach').where('tenant', '=', tenant);
  const { count } = await own.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  const rows = await own.selectAll().orderBy('place').limit(MOST_SHOWN).execute();
  const breaches = rows.map(({ contract_id, kind, position, event_type, amount_minor }) => ({
    contractId: contract_id,
    kind: kind as CustodyBreachView['kind'],
    position,
    eventType: event_type,
    amount: money(CNY, amount_minor),
  }));
  return { breachCount: Number(count), breaches };
}

async function ledgerOf(
  snapshot: Transaction<Tables>,
  { tenant, asset }: Books,
): Promise<Pick<CustodyCheckView, 'ledger' | 'fundingClearing' | 'payoutClearing'>> {
  const balances = snapshot
    .selectFrom('ledger_balance')
    .where('tenant', '=', tenant)
    .where('asset', '=', asset);
  const { ledger } = await balances
    .select(({ fn }) => fn.sum<bigint | null>('balance_minor').as('ledger'))
    .where('account', '>=', 'custody:')
    .where('account', '<', 'custody:~')
    .executeTakeFirstOrThrow();
  const clearing = await balances
    .select(['account', 'balance_minor'])
    .where('account', 'in', ['clearing:funding', 'clearing:payout'])
    .execute();
  const of = (account: string) =>
    money(CNY, clearing.find((row) => row.account === account)?.balance_minor ?? 0n);
  return {
    ledger: money(CNY, BigInt(ledger ?? 0n)),
    fundingClearing: of('clearing:funding'),
    payoutClearing: of('clearing:payout'),
  };
}
