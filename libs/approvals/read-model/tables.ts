import type { TableDefinition } from '#libs/views/port/index.js';

export const approvalTable: TableDefinition = {
  name: 'approval',
  columns: {
    id: 'text',
    tenant: 'text',
    /** Null: an act of the tenant itself. */
    organisation_id: { type: 'text', nullable: true },
    kind: 'text',
    subject: 'text',
    /** JSON object of texts, as the checker is shown it. */
    payload: 'text',
    payload_hash: 'text',
    maker_account: 'text',
    maker_person: 'text',
    reason: 'text',
    /** PENDING, GRANTED, DECLINED, VOID, USED: expiry is a matter of the moment of asking. */
    status: 'text',
    requested_at: 'text',
    expires_at: 'text',
    granted: { type: 'boolean', nullable: true },
    checker_account: { type: 'text', nullable: true },
    checker_person: { type: 'text', nullable: true },
    comment: { type: 'text', nullable: true },
    decided_at: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [
    // The order of lists.
    ['tenant', 'requested_at', 'id'],
    ['organisation_id', 'requested_at', 'id'],
  ],
};

export interface ApprovalRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string | null;
  readonly kind: string;
  readonly subject: string;
  readonly payload: string;
  readonly payload_hash: string;
  readonly maker_account: string;
  readonly maker_person: string;
  readonly reason: string;
  readonly status: string;
  readonly requested_at: string;
  readonly expires_at: string;
  readonly granted: number | null;
  readonly checker_account: string | null;
  readonly checker_person: string | null;
  readonly comment: string | null;
  readonly decided_at: string | null;
}

export interface ApprovalsTables {
  readonly approval: ApprovalRow;
}
