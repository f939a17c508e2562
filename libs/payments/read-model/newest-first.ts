import type { SelectQueryBuilder } from 'kysely';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import { cursorAt, placeAt, type Page, type PageRequest } from '#libs/views/port/index.js';
import type { QrTables } from './qr-tables.js';

interface Ordered {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly issued_at: string;
}

interface Owner {
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
}

/** A page of what an organisation has issued, the newest first. @throws InvalidInputError `INVALID_CURSOR` */
export async function newestFirst<Row extends Ordered>(
  table: SelectQueryBuilder<QrTables, keyof QrTables, object>,
  { tenant, organisationId }: Owner,
  page: PageRequest,
): Promise<Page<Row>> {
  const own = table.where('tenant', '=', tenant).where('organisation_id', '=', organisationId);
  let rows = own
    .selectAll()
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.first + 1);
  if (page.after !== undefined) {
    const [issuedAt, id] = placeAt(page.after, 2);
    rows = rows.where((row) =>
      row.or([
        row('issued_at', '<', issuedAt),
        row.and([row('issued_at', '=', issuedAt), row('id', '<', id)]),
      ]),
    );
  }
  const found = (await rows.execute()) as unknown as readonly Row[];
  const counted =
    page.count === false
      ? undefined
      : await own.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return {
    items: found.slice(0, page.first).map((row) => ({ cursor: cursorAt(row.issued_at, row.id), item: row })),
    hasNextPage: found.length > page.first,
    ...(counted ? { totalCount: Number(counted.count) } : {}),
  };
}
