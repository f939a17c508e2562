import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { AdvancesOf, type AdvanceView } from '../contract/index.js';
import type { AdvanceRow } from './advances-projection.js';

/** Last changed first. */
@QueryHandler(AdvancesOf)
export class AdvancesOfHandler implements IQueryHandler<AdvancesOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context, organisationId, payerNumber, page }: AdvancesOf): Promise<Page<AdvanceView>> {
    const { caller } = context;
    if (!mayReadOrganisation(caller, organisationId)) return { items: [], hasNextPage: false };
    let rows = this.views
      .database<{ readonly advance: AdvanceRow }>()
      .selectFrom('advance')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant)
      .orderBy('last_changed_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (payerNumber !== undefined) rows = rows.where('payer_number', '=', payerNumber);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows.where((advance) =>
        advance.or([
          advance('last_changed_at', '<', at),
          advance.and([advance('last_changed_at', '=', at), advance('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const items = found.slice(0, page.first).map((row) => ({
      cursor: cursorAt(row.last_changed_at, row.id),
      item: viewOf(row),
    }));
    return { items, hasNextPage: found.length > page.first };
  }
}

function viewOf(row: AdvanceRow): AdvanceView {
  const asset = row.asset as Asset;
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    payerNumber: row.payer_number,
    available: money(asset, row.available_minor),
    held: money(asset, row.held_minor),
    lastChangedAt: row.last_changed_at as Instant,
  };
}
