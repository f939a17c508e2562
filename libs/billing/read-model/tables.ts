import type { TableDefinition } from '#libs/views/port/index.js';

export const feeItemTable: TableDefinition = {
  name: 'fee_item',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    code: 'text',
    name: 'text',
    category: 'text',
    gl_code: 'text',
    priority: 'integer',
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'code']],
};

export const billTable: TableDefinition = {
  name: 'bill',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    number: 'text',
    payer_subject_id: 'text',
    payer_number: 'text',
    /** Null once the person's data has been erased. */
    payer_name: { type: 'text', nullable: true },
    payer_group: 'text',
    grade: 'text',
    academic_year: 'text',
    term: 'text',
    /** JSON of `StoredItem[]`: read with the bill and never without it. */
    items: 'text',
    asset: 'text',
    total_minor: 'minor',
    waived_minor: 'minor',
    adjusted_minor: 'minor',
    late_fee_minor: 'minor',
    rebate_minor: 'minor',
    refunded_minor: 'minor',
    paid_minor: 'minor',
    outstanding_minor: 'minor',
    reserved_minor: 'minor',
    due_date: 'text',
    /** The last day to pay; null for a bill that never expires. */
    last_day: { type: 'text', nullable: true },
    status: 'text',
    issued_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [
    // The order of lists; filters scan within the organisation.
    ['organisation_id', 'payer_number', 'id'],
    ['organisation_id', 'number'],
    ['payer_subject_id'],
    // What the expiry sweep asks for.
    ['last_day'],
  ],
};

/** One item of a bill inside `bill.items`. `amount` in minor units as text. */
export interface StoredItem {
  readonly feeItemId: string;
  readonly code: string;
  readonly name: string;
  readonly amount: string;
}

export interface FeeItemRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly gl_code: string;
  readonly priority: number;
}

export interface BillRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly number: string;
  readonly payer_subject_id: string;
  readonly payer_number: string;
  readonly payer_name: string | null;
  readonly payer_group: string;
  readonly grade: string;
  readonly academic_year: string;
  readonly term: string;
  readonly items: string;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly waived_minor: bigint;
  readonly adjusted_minor: bigint;
  readonly late_fee_minor: bigint;
  readonly rebate_minor: bigint;
  readonly refunded_minor: bigint;
  readonly paid_minor: bigint;
  readonly outstanding_minor: bigint;
  readonly reserved_minor: bigint;
  readonly due_date: string;
  readonly last_day: string | null;
  readonly status: string;
  readonly issued_at: string;
}

export interface BillingTables {
  readonly fee_item: FeeItemRow;
  readonly bill: BillRow;
}
