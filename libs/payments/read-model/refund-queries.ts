import { Inject, Injectable } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole, mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  RefundById,
  RefundsOf,
  type RefundFilter,
  type RefundKind,
  type RefundStatus,
  type RefundView,
} from '../contract/refunds.js';
import type { Channel } from '../domain/payment/index.js';
import type { OpenRefund, OpenRefundList } from '../domain/refund/index.js';
import type { RefundRow, StoredRefundLine } from './refund-tables.js';
import type { PaymentRow } from './tables.js';

interface Tables {
  readonly refund: RefundRow;
  readonly payment: Pick<PaymentRow, 'id' | 'account' | 'wallet_owner' | 'channel'>;
}

type Found = RefundRow & { readonly channel: string };

/** Newest first. */
@QueryHandler(RefundsOf)
export class RefundsOfHandler implements IQueryHandler<RefundsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, filter, page }: RefundsOf): Promise<Page<RefundView>> {
    let rows = narrowed(visibleTo(this.views.database<Tables>(), caller), filter)
      .orderBy('refund.requested_at', 'desc')
      .orderBy('refund.id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows.where((refund) =>
        refund.or([
          refund('refund.requested_at', '<', at),
          refund.and([refund('refund.requested_at', '=', at), refund('refund.id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.requested_at, row.id), item: viewOf(row) })),
      hasNextPage: found.length > page.first,
    };
  }
}

@QueryHandler(RefundById)
export class RefundByIdHandler implements IQueryHandler<RefundById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: RefundById): Promise<RefundView | undefined> {
    const row = await visibleTo(this.views.database<Tables>(), caller)
      .where('refund.id', '=', id)
      .executeTakeFirst();
    return row && viewOf(row);
  }
}

/** Refunds with something left to do, as the projection has read the log. */
@Injectable()
export class ViewedOpenRefunds implements OpenRefundList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async idleSince(moment: Instant, limit: number, after?: OpenRefund): Promise<readonly OpenRefund[]> {
    let rows = this.views
      .database<Tables>()
      .selectFrom('refund')
      .select(['id', 'tenant', 'last_step_at'])
      .where('complete', '=', 0)
      .where('last_step_at', '<=', moment)
      .orderBy('last_step_at')
      .orderBy('id')
      .limit(limit);
    if (after) {
      const { lastStepAt, refundId } = after;
      rows = rows.where((open) =>
        open.or([
          open('last_step_at', '>', lastStepAt),
          open.and([open('last_step_at', '=', lastStepAt), open('id', '>', refundId)]),
        ]),
      );
    }
    return (await rows.execute()).map(({ id, tenant, last_step_at }) => ({
      refundId: asId<'refund'>(id),
      tenant,
      lastStepAt: last_step_at as Instant,
    }));
  }
}

/** Staff of the organisation, who sees every organisation of the tenant, and the payer whose money it is. */
function visibleTo(database: Kysely<Tables>, caller: Caller) {
  const rows = database
    .selectFrom('refund')
    .innerJoin('payment', 'payment.id', 'refund.payment_id')
    .selectAll('refund')
    .select('payment.channel')
    .where('refund.tenant', '=', caller.tenant);
  const { organisation } = caller;
  if (organisation !== undefined && mayReadOrganisation(caller, organisation)) {
    return rows.where('refund.organisation_id', '=', organisation);
  }
  if (organisation === undefined && hasRole(caller, ['ops', 'auditor'])) return rows;
  return rows.where((row) =>
    row.or([
      row('payment.account', '=', caller.accountId),
      row('payment.wallet_owner', '=', caller.accountId),
    ]),
  );
}

function narrowed<Query extends SelectQueryBuilder<Tables, 'refund' | 'payment', Found>>(
  rows: Query,
  { organisationId, paymentId, statuses }: RefundFilter,
): Query {
  let query: SelectQueryBuilder<Tables, 'refund' | 'payment', Found> = rows;
  if (organisationId !== undefined) query = query.where('refund.organisation_id', '=', organisationId);
  if (paymentId !== undefined) query = query.where('refund.payment_id', '=', paymentId);
  if (statuses !== undefined) query = query.where('refund.status', 'in', statuses);
  return query as Query;
}

function viewOf(row: Found): RefundView {
  const amountOf = (minor: bigint) => money(row.asset as Asset, minor);
  const lines = JSON.parse(row.lines) as readonly StoredRefundLine[];
  return {
    id: asId(row.id),
    kind: row.kind as RefundKind,
    status: row.status as RefundStatus,
    paymentId: asId(row.payment_id),
    organisationId: asId(row.organisation_id),
    amount: amountOf(row.amount_minor),
    lines: lines.map(({ billId, amount }) => ({ billId: asId(billId), amount: amountOf(BigInt(amount)) })),
    channel: row.channel as Channel,
    reason: row.reason,
    maker: row.maker,
    ...(row.checker !== null && { checker: row.checker }),
    approvalNeeded: row.approval_needed === 1,
    ...(row.rejection_code !== null && {
      rejection: { code: row.rejection_code, message: row.rejection_message ?? '' },
    }),
    ...(row.reference !== null && { reference: row.reference }),
    cameBack: row.came_back === 1,
    requestedAt: row.requested_at as Instant,
    ...(row.ended_at !== null && { endedAt: row.ended_at as Instant }),
  };
}
