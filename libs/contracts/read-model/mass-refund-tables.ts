import type { TableDefinition } from '#libs/views/port/index.js';

export const massRefundTable: TableDefinition = {
  name: 'mass_refund',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    authority_id: { type: 'text', nullable: true },
    status: 'text',
    reason: 'text',
    approval_id: 'text',
    requested_at: 'text',
    contracts: 'integer',
    processed: 'integer',
    left_count: 'integer',
    /** JSON of the sums by asset, amounts as texts: shown and never searched. */
    sums: 'text',
    last_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [
    ['status', 'last_at', 'id'],
    ['tenant', 'requested_at', 'id'],
  ],
};

export interface MassRefundRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly authority_id: string | null;
  readonly status: string;
  readonly reason: string;
  readonly approval_id: string;
  readonly requested_at: string;
  readonly contracts: number;
  readonly processed: number;
  readonly left_count: number;
  readonly sums: string;
  readonly last_at: string;
}

export interface MassRefundTables {
  readonly mass_refund: MassRefundRow;
}
