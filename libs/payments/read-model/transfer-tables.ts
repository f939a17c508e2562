import type { TableDefinition } from '#libs/views/port/index.js';

export const transferTable: TableDefinition = {
  name: 'transfer',
  columns: {
    id: 'text',
    tenant: 'text',
    kind: 'text',
    status: 'text',
    asset: 'text',
    amount_minor: 'minor',
    payer: { type: 'text', nullable: true },
    payer_wallet: { type: 'text', nullable: true },
    payee: { type: 'text', nullable: true },
    payee_wallet: { type: 'text', nullable: true },
    expires_at: { type: 'text', nullable: true },
    requested_at: 'text',
    reference: { type: 'text', nullable: true },
    failure_code: { type: 'text', nullable: true },
    failure_message: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [['payer'], ['payee']],
};

/** Something is left to do; removed with the last step. */
export const openTransferTable: TableDefinition = {
  name: 'open_transfer',
  columns: { transfer_id: 'text', last_step_at: 'text' },
  primaryKey: ['transfer_id'],
};

export interface TransferRow {
  readonly id: string;
  readonly tenant: string;
  readonly kind: string;
  readonly status: string;
  readonly asset: string;
  readonly amount_minor: bigint;
  readonly payer: string | null;
  readonly payer_wallet: string | null;
  readonly payee: string | null;
  readonly payee_wallet: string | null;
  readonly expires_at: string | null;
  readonly requested_at: string;
  readonly reference: string | null;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
}

export interface TransferTables {
  readonly transfer: TransferRow;
  readonly open_transfer: { readonly transfer_id: string; readonly last_step_at: string };
}
