import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { hasRole } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { OrganisationById, type OrganisationView } from '../contract/index.js';
import type { OnboardingTables } from './organisations-projection.js';

/** Its own staff, staff of the tenant, and payers, who must know whom they pay. */
@QueryHandler(OrganisationById)
export class OrganisationByIdHandler implements IQueryHandler<OrganisationById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: OrganisationById): Promise<OrganisationView | undefined> {
    const bound = caller.organisation !== undefined && caller.organisation !== id;
    if (bound && !hasRole(caller, ['payer'])) return undefined;
    const row = await this.views
      .database<OnboardingTables>()
      .selectFrom('organisation')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row) return undefined;
    return { id: asId(row.id), nameZh: row.name_zh, nameEn: row.name_en, kind: row.kind as 'school' };
  }
}
