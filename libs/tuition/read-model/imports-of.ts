import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { decodeMoney } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  ImportsOf,
  type ErrorPolicy,
  type ImportPreview,
  type ImportState,
  type ImportView,
} from '../contract/index.js';
import type { ImportRow, TuitionTables } from './tables.js';

const NOTHING: Page<ImportView> = { items: [], hasNextPage: false, totalCount: 0 };

/** Newest first. Bursars of the organisation only; not yours looks like empty. */
@QueryHandler(ImportsOf)
export class ImportsOfHandler implements IQueryHandler<ImportsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, organisationId, page }: ImportsOf): Promise<Page<ImportView>> {
    if (!actsFor(caller, organisationId, 'bursar')) return NOTHING;
    const own = this.views
      .database<TuitionTables>()
      .selectFrom('tuition_import')
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant);
    let rows = own
      .selectAll()
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [startedAt, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('started_at', '<', startedAt),
          row.and([row('started_at', '=', startedAt), row('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const { count } = await own
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    const items = found.slice(0, page.first);
    return {
      items: items.map((row) => ({ cursor: cursorAt(row.started_at, row.id), item: viewOf(row) })),
      hasNextPage: found.length > page.first,
      totalCount: Number(count),
    };
  }
}

function viewOf(row: ImportRow): ImportView {
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    fileName: row.file_name,
    state: row.state as ImportState,
    errorPolicy: row.error_policy as ErrorPolicy,
    startedAt: row.started_at as Instant,
    processed: row.processed,
    total: row.total,
    ...(row.preview === null ? {} : { preview: previewOf(row.preview) }),
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as ImportView['result'] }),
    ...(row.failure === null ? {} : { failure: JSON.parse(row.failure) as ImportView['failure'] }),
  };
}

function previewOf(stored: string): ImportPreview {
  const { amountAdded, ...counts } = JSON.parse(stored) as JsonObject;
  return {
    ...(counts as unknown as Omit<ImportPreview, 'amountAdded'>),
    amountAdded: decodeMoney(amountAdded),
  };
}
