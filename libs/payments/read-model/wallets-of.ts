import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import { WalletsOf, type WalletTier, type WalletView } from '../contract/index.js';
import type { WalletRow, WalletTables } from './wallet-tables.js';

/** The caller's own. */
@QueryHandler(WalletsOf)
export class WalletsOfHandler implements IQueryHandler<WalletsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller } }: WalletsOf): Promise<readonly WalletView[]> {
    const rows = await this.views
      .database<WalletTables>()
      .selectFrom('wallet_account')
      .selectAll()
      .where('owner', '=', caller.accountId)
      .where('tenant', '=', caller.tenant)
      .orderBy('label')
      .execute();
    return rows.map(walletViewOf);
  }
}

function walletViewOf(row: WalletRow): WalletView {
  const { id, owner, available_minor, held_minor } = row;
  const asset = row.asset as Asset;
  return {
    id: asId(id),
    owner,
    label: row.label,
    tier: row.tier as WalletTier,
    ...(row.institution_id !== null && { institutionId: row.institution_id }),
    frozen: row.frozen === 1,
    balance: money(asset, available_minor + held_minor),
    held: money(asset, held_minor),
    available: money(asset, available_minor),
  };
}
