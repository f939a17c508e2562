import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { ApprovalById, ApprovalsToDecide, type ApprovalView } from '../contract/index.js';
import { matching, visibleTo } from './approval-access.js';
import { approvalViewOf } from './approval-row.js';
import type { ApprovalsTables } from './tables.js';

@QueryHandler(ApprovalsToDecide)
export class ApprovalsToDecideHandler implements IQueryHandler<ApprovalsToDecide> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, filter, page }: ApprovalsToDecide): Promise<Page<ApprovalView>> {
    const now = this.runtime.clock.now();
    const approvals = this.views
      .database<ApprovalsTables>()
      .selectFrom('approval')
      .where(visibleTo(caller))
      .where(matching(filter, now));
    let rows = approvals
      .selectAll()
      .orderBy('requested_at', 'desc')
      .orderBy('id')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [requestedAt, id] = placeAt(page.after, 2);
      rows = rows.where((approval) =>
        approval.or([
          approval('requested_at', '<', requestedAt),
          approval.and([approval('requested_at', '=', requestedAt), approval('id', '>', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const counted =
      page.count === false
        ? undefined
        : await approvals
            .select((approval) => approval.fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow();
    return {
      items: found.slice(0, page.first).map((row) => ({
        cursor: cursorAt(row.requested_at, row.id),
        item: approvalViewOf(row, caller, now),
      })),
      hasNextPage: found.length > page.first,
      ...(counted ? { totalCount: Number(counted.count) } : {}),
    };
  }
}

@QueryHandler(ApprovalById)
export class ApprovalByIdHandler implements IQueryHandler<ApprovalById> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, id }: ApprovalById): Promise<ApprovalView | undefined> {
    const row = await this.views
      .database<ApprovalsTables>()
      .selectFrom('approval')
      .selectAll()
      .where('id', '=', id)
      .where(visibleTo(caller))
      .executeTakeFirst();
    return row && approvalViewOf(row, caller, this.runtime.clock.now());
  }
}
