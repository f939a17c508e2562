import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  PushedSubWallets,
  SubWalletsOf,
  type PushedSubWalletView,
  type SubWalletView,
} from '../contract/index.js';
import type { SubWalletRow, WalletTables } from './wallet-tables.js';

/** Of one wallet; more are never open, and closed ones are shown while there is room. */
const MOST_SHOWN = 250;
const NOTHING: Page<PushedSubWalletView> = { items: [], hasNextPage: false, totalCount: 0 };

/** The owner's. */
@QueryHandler(SubWalletsOf)
export class SubWalletsOfHandler implements IQueryHandler<SubWalletsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, walletId }: SubWalletsOf): Promise<readonly SubWalletView[]> {
    const rows = await this.views
      .database<WalletTables>()
      .selectFrom('sub_wallet')
      .innerJoin('wallet_account', 'wallet_account.id', 'sub_wallet.wallet_id')
      .selectAll('sub_wallet')
      .where('wallet_account.owner', '=', caller.accountId)
      .where('wallet_account.tenant', '=', caller.tenant)
      .where('wallet_account.id', '=', walletId)
      .orderBy('sub_wallet.status', 'desc')
      .orderBy('sub_wallet.pushed_at', 'desc')
      .limit(MOST_SHOWN)
      .execute();
    return rows.map((row) => ({ id: asId(row.id), walletId: asId(row.wallet_id), ...pushedViewOf(row) }));
  }
}

/** What was pushed to an organisation, for its staff. */
@QueryHandler(PushedSubWallets)
export class PushedSubWalletsHandler implements IQueryHandler<PushedSubWallets> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({
    context: { caller },
    organisationId,
    page,
  }: PushedSubWallets): Promise<Page<PushedSubWalletView>> {
    if (!mayReadOrganisation(caller, organisationId)) return NOTHING;
    const own = this.views
      .database<WalletTables>()
      .selectFrom('sub_wallet')
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant);
    let rows = own
      .selectAll()
      .orderBy('pushed_at', 'desc')
      .orderBy('token', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [pushedAt, token] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('pushed_at', '<', pushedAt),
          row.and([row('pushed_at', '=', pushedAt), row('token', '<', token)]),
        ]),
      );
    }
    const found = await rows.execute();
    const { count } = await own
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.pushed_at, row.token), item: pushedViewOf(row) })),
      hasNextPage: found.length > page.first,
      totalCount: Number(count),
    };
  }
}

function pushedViewOf(row: SubWalletRow): PushedSubWalletView {
  const asset = row.asset as Asset;
  return {
    token: row.token,
    organisationId: asId(row.organisation_id),
    ...(row.scene !== null && { scene: row.scene }),
    single: money(asset, row.single_minor),
    day: money(asset, row.day_minor),
    open: row.status === 'OPEN',
    pushedAt: row.pushed_at as Instant,
  };
}
