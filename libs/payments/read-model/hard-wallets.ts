import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { TableDefinition, Views } from '#libs/views/port/index.js';
import { hardWalletEvents } from '../codec/index.js';
import { HardWalletsOf, type HardWalletView } from '../contract/index.js';

/** Devices of one owner shown at most. */
const MOST_SHOWN = 250;

const hardWalletTable: TableDefinition = {
  name: 'hard_wallet',
  columns: {
    id: 'text',
    tenant: 'text',
    owner: 'text',
    wallet_id: 'text',
    balance_minor: 'minor',
    permitted: 'integer',
    issued_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [['owner']],
};

/** What was brought in, by number: a gap may be filled later, so that the highest is asked for and not kept. */
const offlinePaymentTable: TableDefinition = {
  name: 'offline_payment',
  columns: { hard_wallet_id: 'text', counter: 'integer' },
  primaryKey: ['hard_wallet_id', 'counter'],
};

interface HardWalletTables {
  readonly hard_wallet: {
    readonly id: string;
    readonly tenant: string;
    readonly owner: string;
    readonly wallet_id: string;
    readonly balance_minor: bigint;
    readonly permitted: number;
    readonly issued_at: string;
  };
  readonly offline_payment: { readonly hard_wallet_id: string; readonly counter: number };
}

export const hardWalletsProjection: Projection = defineProjection({
  name: 'hardWallets',
  version: 1,
  tables: [hardWalletTable, offlinePaymentTable],
  parts: [
    on(hardWalletEvents, {
      HardWalletIssued: ({ hardWalletId, tenant, owner, walletId, permitted, issuedAt }, view) =>
        view.put('hard_wallet', {
          id: hardWalletId,
          tenant,
          owner,
          wallet_id: walletId,
          balance_minor: 0n,
          permitted,
          issued_at: issuedAt,
        }),
      HardWalletLoadRequested: null,
      HardWalletLoaded: ({ hardWalletId, balanceAfter }, view) =>
        view.patch('hard_wallet', { id: hardWalletId }, { balance_minor: balanceAfter.amount }),
      HardWalletLoadRefused: null,
      OfflinePaymentTaken: ({ hardWalletId, counter, balanceAfter }, view) => {
        view.patch('hard_wallet', { id: hardWalletId }, { balance_minor: balanceAfter.amount });
        view.put('offline_payment', { hard_wallet_id: hardWalletId, counter });
      },
      OfflinePaymentSettled: null,
      OfflinePaymentSuspended: null,
      OfflineDoubleSpendDetected: null,
    }),
  ],
});

/** The caller's own. */
@QueryHandler(HardWalletsOf)
export class HardWalletsOfHandler implements IQueryHandler<HardWalletsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller } }: HardWalletsOf): Promise<readonly HardWalletView[]> {
    const rows = await this.views
      .database<HardWalletTables>()
      .selectFrom('hard_wallet')
      .leftJoin('offline_payment', 'offline_payment.hard_wallet_id', 'hard_wallet.id')
      .selectAll('hard_wallet')
      .select(({ fn }) => fn.max<number | null>('offline_payment.counter').as('last_counter'))
      .where('hard_wallet.owner', '=', caller.accountId)
      .where('hard_wallet.tenant', '=', caller.tenant)
      .groupBy('hard_wallet.id')
      .orderBy('hard_wallet.issued_at')
      .limit(MOST_SHOWN)
      .execute();
    return rows.map(({ id, wallet_id, balance_minor, permitted, last_counter }) => ({
      id: asId(id),
      walletId: asId(wallet_id),
      balance: money(CNY, balance_minor),
      permitted: Number(permitted),
      lastCounter: Number(last_counter ?? 0),
    }));
  }
}
