import { Inject, Injectable } from '@nestjs/common';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { TemplateIds } from '../domain/published-template/index.js';
import type { TemplateTables } from './templates-projection.js';

const MOST = 1_000;

@Injectable()
export class ViewedTemplateIds implements TemplateIds {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async of(tenant: TenantId): Promise<readonly string[]> {
    const rows = await this.views
      .database<TemplateTables>()
      .selectFrom('contract_template')
      .select('template_id')
      .where('tenant', '=', tenant)
      .orderBy('template_id')
      .limit(MOST)
      .execute();
    return rows.map((row) => row.template_id);
  }
}
