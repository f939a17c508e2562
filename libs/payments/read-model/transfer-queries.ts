import { Inject, Injectable } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  TransferById,
  TransfersOf,
  type TransferProgress,
  type TransferRejectionCode,
  type TransferView,
} from '../contract/index.js';
import type { OpenTransfer, OpenTransferList, TransferKind } from '../domain/transfer/index.js';
import type { TransferRow, TransferTables } from './transfer-tables.js';

@QueryHandler(TransferById)
export class TransferByIdHandler implements IQueryHandler<TransferById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: TransferById): Promise<TransferView | undefined> {
    const row = await own(this.views, caller).selectAll().where('id', '=', id).executeTakeFirst();
    return row && viewOf(row, caller.accountId);
  }
}

@QueryHandler(TransfersOf)
export class TransfersOfHandler implements IQueryHandler<TransfersOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, page }: TransfersOf): Promise<Page<TransferView>> {
    let rows = own(this.views, caller)
      .selectAll()
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [requestedAt, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('requested_at', '<', requestedAt),
          row.and([row('requested_at', '=', requestedAt), row('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const { count } = await own(this.views, caller)
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return {
      items: found.slice(0, page.first).map((row) => ({
        cursor: cursorAt(row.requested_at, row.id),
        item: viewOf(row, caller.accountId),
      })),
      hasNextPage: found.length > page.first,
      totalCount: Number(count),
    };
  }
}

/** The table holds what is under way only, so that scanning it is cheap. */
@Injectable()
export class ViewedOpenTransfers implements OpenTransferList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async idleSince(moment: Instant, limit: number, after?: OpenTransfer): Promise<readonly OpenTransfer[]> {
    let rows = this.views
      .database<TransferTables>()
      .selectFrom('open_transfer')
      .select(['transfer_id', 'last_step_at'])
      .where('last_step_at', '<=', moment)
      .orderBy('last_step_at')
      .orderBy('transfer_id')
      .limit(limit);
    if (after) {
      const { lastStepAt, transferId } = after;
      rows = rows.where((open) =>
        open.or([
          open('last_step_at', '>', lastStepAt),
          open.and([open('last_step_at', '=', lastStepAt), open('transfer_id', '>', transferId)]),
        ]),
      );
    }
    return (await rows.execute()).map(({ transfer_id, last_step_at }) => ({
      transferId: asId<'transfer'>(transfer_id),
      lastStepAt: last_step_at as Instant,
    }));
  }
}

function own(views: Views, { tenant, accountId }: Caller) {
  return views
    .database<TransferTables>()
    .selectFrom('transfer')
    .where('tenant', '=', tenant)
    .where((row) => row.or([row('payer', '=', accountId), row('payee', '=', accountId)]));
}

/** Of its two sides the caller sees their own. */
function viewOf(row: TransferRow, account: string): TransferView {
  const out = row.payer === account;
  const walletId = out ? row.payer_wallet : row.payee_wallet;
  return {
    id: asId(row.id),
    kind: row.kind as TransferKind,
    status: row.status as TransferProgress,
    amount: money(row.asset as Asset, row.amount_minor),
    ...(walletId !== null && { walletId: asId<'wallet'>(walletId) }),
    direction: out ? 'OUT' : 'IN',
    ...(row.expires_at !== null && { expiresAt: row.expires_at as Instant }),
    requestedAt: row.requested_at as Instant,
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.failure_code !== null && {
      failure: { code: row.failure_code as TransferRejectionCode, message: row.failure_message ?? '' },
    }),
  };
}
