import type { TableDefinition } from '#libs/views/port/index.js';

export const merchantCodeTable: TableDefinition = {
  name: 'merchant_code',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    kind: 'text',
    /** OPEN, USED or WITHDRAWN; whether an open one has expired is the reader's clock to say. */
    status: 'text',
    /** JSON of bill ids. */
    bills: 'text',
    asset: { type: 'text', nullable: true },
    amount_minor: { type: 'minor', nullable: true },
    expires_at: { type: 'text', nullable: true },
    content: 'text',
    issued_at: 'text',
    /** The payment that has the code's one use. */
    payment_id: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'issued_at']],
};

export const paymentLinkTable: TableDefinition = {
  name: 'payment_link',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    /** OPEN or WITHDRAWN. */
    status: 'text',
    bills: 'text',
    seed: 'text',
    issued_at: 'text',
    expires_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'issued_at']],
};

export interface MerchantCodeRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly kind: string;
  readonly status: string;
  readonly bills: string;
  readonly asset: string | null;
  readonly amount_minor: bigint | null;
  readonly expires_at: string | null;
  readonly content: string;
  readonly issued_at: string;
  readonly payment_id: string | null;
}

export interface PaymentLinkRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly status: string;
  readonly bills: string;
  readonly seed: string;
  readonly issued_at: string;
  readonly expires_at: string;
}

export interface QrTables {
  readonly merchant_code: MerchantCodeRow;
  readonly payment_link: PaymentLinkRow;
}
