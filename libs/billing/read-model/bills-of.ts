import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { BillsOf, type BillView } from '../contract/index.js';
import { billsMatching } from './bill-filter.js';
import { billViewOf } from './bill-row.js';
import type { BillingTables } from './tables.js';

const NOTHING: Page<BillView> = { items: [], hasNextPage: false, totalCount: 0 };

@QueryHandler(BillsOf)
export class BillsOfHandler implements IQueryHandler<BillsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context, organisationId, filter, page }: BillsOf): Promise<Page<BillView>> {
    const { caller } = context;
    // Not yours looks exactly like empty.
    if (!mayReadOrganisation(caller, organisationId)) return NOTHING;
    const matching = billsMatching({ tenant: caller.tenant, organisationId }, filter);
    const bills = this.views.database<BillingTables>().selectFrom('bill').where(matching);
    let rows = bills
      .selectAll()
      .orderBy('payer_number')
      .orderBy('issued_at', 'desc')
      .orderBy('id')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [payerNumber, issuedAt, id] = placeAt(page.after, 3);
      rows = rows
        // Lets the index seek; the rest decides within one payer.
        .where('payer_number', '>=', payerNumber)
        .where((bill) =>
          bill.or([
            bill('payer_number', '>', payerNumber),
            bill('issued_at', '<', issuedAt),
            bill.and([bill('issued_at', '=', issuedAt), bill('id', '>', id)]),
          ]),
        );
    }
    const found = await rows.execute();
    const counted =
      page.count === false
        ? undefined
        : await bills.select((bill) => bill.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.payer_number, row.issued_at, row.id), item: billViewOf(row) })),
      hasNextPage: found.length > page.first,
      ...(counted ? { totalCount: Number(counted.count) } : {}),
    };
  }
}
