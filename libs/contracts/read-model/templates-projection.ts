import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { TableDefinition } from '#libs/views/port/index.js';
import { templateEvents } from '../codec/template-events.js';

const templateTable: TableDefinition = {
  name: 'contract_template',
  columns: { tenant: 'text', template_id: 'text', newest_version: 'text', published_at: 'text' },
  primaryKey: ['tenant', 'template_id'],
};

export interface TemplateTables {
  readonly contract_template: {
    readonly tenant: string;
    readonly template_id: string;
    readonly newest_version: string;
    readonly published_at: string;
  };
}

/** Which templates tenants have published themselves; what they say is in their streams. */
export const templatesProjection: Projection = defineProjection({
  name: 'contract-templates',
  version: 1,
  tables: [templateTable],
  parts: [
    on(templateEvents, {
      // Versions rise, so that the last one published is the newest.
      TemplatePublished: ({ tenant, templateId, version, at }, view) =>
        view.put('contract_template', {
          tenant,
          template_id: templateId,
          newest_version: version,
          published_at: at,
        }),
    }),
  ],
});
