import type { SelectQueryBuilder } from 'kysely';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { QrTables } from './qr-tables.js';

interface Ordered {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly issued_at: string;
}

/** Where a page ended. */
type Place = readonly [issuedAt: string, id: string];

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
    const [issuedAt, id] = placeOf(page.after);
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
    items: found.slice(0, page.first).map((row) => ({ cursor: cursorOf(row), item: row })),
    hasNextPage: found.length > page.first,
    ...(counted ? { totalCount: Number(counted.count) } : {}),
  };
}

function cursorOf({ issued_at, id }: Ordered): string {
  return Buffer.from(JSON.stringify([issued_at, id] satisfies Place)).toString('base64url');
}

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
