import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import type { Page, Views } from '#libs/views/port/index.js';
import { CaseById, CasesOf, type CaseView } from '../contract/index.js';
import { matching, visibleTo } from './case-filter.js';
import { caseViewOf } from './case-row.js';
import type { CaseRow, CasesTables } from './tables.js';

/** Where a page ended: next due first, then id. */
type Place = readonly [dueAt: string, id: string];

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
      const [dueAt, id] = placeOf(page.after);
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
      items: found.slice(0, page.first).map((row) => ({ cursor: cursorOf(row), item: caseViewOf(row, now) })),
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

function cursorOf({ due_at, id }: CaseRow): string {
  const place: Place = [due_at, id];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws InvalidInputError `INVALID_CURSOR` */
function placeOf(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string')) {
      return place as unknown as Place;
    }
  } catch {
    // Falls through to the one answer for every cursor that is none of ours.
  }
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
