import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import { WalletsOf, type WalletView } from '../contract/index.js';
import type { PaymentsTables } from './tables.js';

/** The caller's own. */
@QueryHandler(WalletsOf)
export class WalletsOfHandler implements IQueryHandler<WalletsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller } }: WalletsOf): Promise<readonly WalletView[]> {
    const rows = await this.views
      .database<PaymentsTables>()
      .selectFrom('wallet')
      .selectAll()
      .where('owner', '=', caller.accountId)
      .where('tenant', '=', caller.tenant)
      .orderBy('label')
      .execute();
    return rows.map(({ id, owner, asset, available_minor, held_minor }) => ({
      id: asId(id),
      owner,
      balance: money(asset as Asset, available_minor + held_minor),
      held: money(asset as Asset, held_minor),
      available: money(asset as Asset, available_minor),
    }));
  }
}
