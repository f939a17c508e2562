import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { FeeItemsOf, type FeeItemView } from '../contract/index.js';
import { feeItemViewOf } from './bill-row.js';
import type { BillingTables } from './tables.js';

@QueryHandler(FeeItemsOf)
export class FeeItemsOfHandler implements IQueryHandler<FeeItemsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, organisationId }: FeeItemsOf): Promise<readonly FeeItemView[]> {
    if (!mayReadOrganisation(caller, organisationId)) return [];
    const rows = await this.views
      .database<BillingTables>()
      .selectFrom('fee_item')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant)
      .orderBy('priority')
      .orderBy('code')
      .execute();
    return rows.map(feeItemViewOf);
  }
}
