import type { TableDefinition } from '#libs/views/port/index.js';

export const refundTable: TableDefinition = {
  name: 'refund',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    payment_id: 'text',
    kind: 'text',
    status: 'text',
    asset: 'text',
    amount_minor: 'minor',
    reason: 'text',
    maker: 'text',
    checker: { type: 'text', nullable: true },
    approval_needed: 'boolean',
    rejection_code: { type: 'text', nullable: true },
    rejection_message: { type: 'text', nullable: true },
    reference: { type: 'text', nullable: true },
    came_back: 'boolean',
    lines: 'text',
    requested_at: 'text',
    ended_at: { type: 'text', nullable: true },
    last_step_at: 'text',
    complete: 'boolean',
  },
  primaryKey: ['id'],
  indexes: [['tenant', 'organisation_id', 'requested_at'], ['payment_id'], ['complete', 'last_step_at']],
};

export interface RefundRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly payment_id: string;
  readonly kind: string;
  readonly status: string;
  readonly asset: string;
  readonly amount_minor: bigint;
  readonly reason: string;
  readonly maker: string;
  readonly checker: string | null;
  readonly approval_needed: number;
  readonly rejection_code: string | null;
  readonly rejection_message: string | null;
  readonly reference: string | null;
  readonly came_back: number;
  /** JSON array of `StoredRefundLine`. */
  readonly lines: string;
  readonly requested_at: string;
  readonly ended_at: string | null;
  readonly last_step_at: string;
  readonly complete: number;
}

export interface StoredRefundLine {
  readonly billId: string;
  /** Minor units of the refund's asset. */
  readonly amount: string;
}
