import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole, mayReadOrganisation } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { BillById, BillsToPay, type BillView } from '../contract/index.js';
import { billViewOf } from './bill-row.js';
import type { BillingTables } from './tables.js';

@QueryHandler(BillById)
export class BillByIdHandler implements IQueryHandler<BillById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: BillById): Promise<BillView | undefined> {
    const row = await this.views
      .database<BillingTables>()
      .selectFrom('bill')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row || !mayReadOrganisation(caller, asId<'organisation'>(row.organisation_id))) return undefined;
    return billViewOf(row);
  }
}

/** More bills than a person has with one organisation. */
const MOST_BILLS = 250;

/** Number and full name together open the door; either alone finds nothing. */
@QueryHandler(BillsToPay)
export class BillsToPayHandler implements IQueryHandler<BillsToPay> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, input }: BillsToPay): Promise<readonly BillView[]> {
    // A clerk serves the own organisation, or all of them at the tenant's counter.
    const serves = hasRole(caller, ['clerk']) && mayReadOrganisation(caller, input.organisationId);
    if (!serves && !hasRole(caller, ['payer'])) return [];
    const rows = await this.views
      .database<BillingTables>()
      .selectFrom('bill')
      .selectAll()
      .where('organisation_id', '=', input.organisationId)
      .where('payer_number', '=', input.payerNumber.trim())
      .where('payer_name', '=', input.payerName.trim())
      .where('tenant', '=', caller.tenant)
      .where('outstanding_minor', '>', 0n)
      .where('status', 'in', ['ISSUED', 'PARTIALLY_PAID'])
      .orderBy('due_date')
      .orderBy('id')
      .limit(MOST_BILLS)
      .execute();
    return rows.map(billViewOf);
  }
}
