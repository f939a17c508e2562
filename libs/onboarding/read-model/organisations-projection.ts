import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { TableDefinition } from '#libs/views/port/index.js';
import { organisationEvents } from '../codec/index.js';

const organisationTable: TableDefinition = {
  name: 'organisation',
  columns: { id: 'text', tenant: 'text', name_zh: 'text', name_en: 'text', kind: 'text' },
  primaryKey: ['id'],
};

export interface OnboardingTables {
  readonly organisation: {
    readonly id: string;
    readonly tenant: string;
    readonly name_zh: string;
    readonly name_en: string;
    readonly kind: string;
  };
}

export const organisationsProjection: Projection = defineProjection({
  name: 'organisations',
  version: 1,
  tables: [organisationTable],
  parts: [
    on(organisationEvents, {
      OrganisationRegistered: ({ organisationId, tenant, nameZh, nameEn, kind }, view) =>
        view.put('organisation', { id: organisationId, tenant, name_zh: nameZh, name_en: nameEn, kind }),
      // Asked of the stream itself, by `Merchants`.
      MerchantCategorySet: null,
    }),
  ],
});
