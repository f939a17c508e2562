import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { CaseById, CasesOf, type CaseView } from '../contract/index.js';
import { matching, visibleTo } from './case-filter.js';
import { caseViewOf } from './case-row.js';
import type { CasesTables } from './tables.js';

@QueryHandler(CasesOf)
export class CasesOfHandler implements IQueryHandler<CasesOf> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, filter, page }: CasesOf): Promise<Page<CaseView>> {
    const now = this.runtime.clock.now();
    const cases = this.views
      .database<CasesTables>()
      .selectFrom('case_file')
      .where(visibleTo(caller))
      .where(matching(filter, now));
    let rows = cases
      .selectAll()
      .orderBy('due_at')
      .orderBy('id')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [dueAt, id] = placeAt(page.after, 2);
      rows = rows.where((one) =>
        one.or([one('due_at', '>', dueAt), one.and([one('due_at', '=', dueAt), one('id', '>', id)])]),
      );
    }
    const found = await rows.execute();
    const counted =
      page.count === false
        ? undefined
        : await cases.select((one) => one.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.due_at, row.id), item: caseViewOf(row, now) })),
      hasNextPage: found.length > page.first,
      ...(counted ? { totalCount: Number(counted.count) } : {}),
    };
  }
}

@QueryHandler(CaseById)
export class CaseByIdHandler implements IQueryHandler<CaseById> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, id }: CaseById): Promise<CaseView | undefined> {
    const row = await this.views
      .database<CasesTables>()
      .selectFrom('case_file')
      .selectAll()
      .where('id', '=', id)
      .where(visibleTo(caller))
      .executeTakeFirst();
    return row && caseViewOf(row, this.runtime.clock.now());
  }
}
