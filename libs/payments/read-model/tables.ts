import type { TableDefinition } from '#libs/views/port/index.js';

export const paymentTable: TableDefinition = {
  name: 'payment',
  columns: {
    id: 'text',
    tenant: 'text',
    account: 'text',
    /** Of the wallet, where it is not the account that asked: a terminal or a mandate. */
    wallet_owner: { type: 'text', nullable: true },
    channel: 'text',
    status: 'text',
    asset: 'text',
    total_minor: 'minor',
    charge_minor: { type: 'minor', nullable: true },
    /** Of a payment that funds a contract. */
    contract_id: { type: 'text', nullable: true },
    /** By refunds that are settled. */
    refunded_minor: { type: 'minor', nullable: true },
    change_minor: { type: 'minor', nullable: true },
    /** The institution's. */
    reference: { type: 'text', nullable: true },
    remittance_code: { type: 'text', nullable: true },
    /** Outside channels, until they have answered. */
    expires_at: { type: 'text', nullable: true },
    initiated_at: 'text',
    captured_at: { type: 'text', nullable: true },
    failure_code: { type: 'text', nullable: true },
    failure_message: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
};

/** What a captured payment paid. */
export const paymentBillTable: TableDefinition = {
  name: 'payment_bill',
  columns: {
    payment_id: 'text',
    position: 'integer',
    bill_id: 'text',
    organisation_id: 'text',
    amount_minor: 'minor',
    late_fee_minor: { type: 'minor', nullable: true },
    advance_minor: { type: 'minor', nullable: true },
  },
  primaryKey: ['payment_id', 'position'],
  indexes: [['bill_id']],
};

/** Which organisation a payment is for: from the capture on, and earlier where that is known. */
export const organisationPaymentTable: TableDefinition = {
  name: 'organisation_payment',
  columns: { organisation_id: 'text', payment_id: 'text', listed_at: 'text' },
  primaryKey: ['organisation_id', 'payment_id'],
  indexes: [['organisation_id', 'listed_at', 'payment_id']],
};

export const receiptTable: TableDefinition = {
  name: 'receipt',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    payment_id: 'text',
    number: 'text',
    asset: 'text',
    total_minor: 'minor',
    channel: 'text',
    verification_code: 'text',
    issued_at: 'text',
    cancelled_at: { type: 'text', nullable: true },
    cancel_reason: { type: 'text', nullable: true },
    /** JSON of `StoredLine[]`: read with the receipt and never without it. */
    lines: 'text',
  },
  primaryKey: ['id'],
  // The code is all that a public check knows.
  indexes: [['payment_id'], ['verification_code']],
};

/** Not terminal yet, or captured without all of its receipts. */
export const openPaymentTable: TableDefinition = {
  name: 'open_payment',
  columns: {
    payment_id: 'text',
    tenant: 'text',
    account: 'text',
    channel: 'text',
    status: 'text',
    asset: 'text',
    total_minor: 'minor',
    initiated_at: 'text',
    last_step_at: 'text',
    /** Known from the capture on; 0 before. */
    receipts_due: 'integer',
  },
  primaryKey: ['payment_id'],
};

/** One line of a receipt inside `receipt.lines`. `amount` in minor units as text. */
export interface StoredLine {
  readonly billId: string;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly amount: string;
  readonly advance?: string;
  readonly contractId?: string;
}

export interface PaymentRow {
  readonly id: string;
  readonly tenant: string;
  readonly account: string;
  readonly wallet_owner: string | null;
  readonly channel: string;
  readonly status: string;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly charge_minor: bigint | null;
  readonly contract_id: string | null;
  readonly refunded_minor: bigint | null;
  readonly change_minor: bigint | null;
  readonly reference: string | null;
  readonly remittance_code: string | null;
  readonly expires_at: string | null;
  readonly initiated_at: string;
  readonly captured_at: string | null;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
}

export interface PaymentBillRow {
  readonly payment_id: string;
  readonly position: number;
  readonly bill_id: string;
  readonly organisation_id: string;
  readonly amount_minor: bigint;
  readonly late_fee_minor: bigint | null;
  readonly advance_minor: bigint | null;
}

export interface OrganisationPaymentRow {
  readonly organisation_id: string;
  readonly payment_id: string;
  readonly listed_at: string;
}

export interface ReceiptRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly payment_id: string;
  readonly number: string;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly channel: string;
  readonly verification_code: string;
  readonly issued_at: string;
  readonly cancelled_at: string | null;
  readonly cancel_reason: string | null;
  readonly lines: string;
}

export interface OpenPaymentRow {
  readonly payment_id: string;
  readonly tenant: string;
  readonly account: string;
  readonly channel: string;
  readonly status: string;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly initiated_at: string;
  readonly last_step_at: string;
  readonly receipts_due: number;
}

export interface PaymentsTables {
  readonly payment: PaymentRow;
  readonly payment_bill: PaymentBillRow;
  readonly organisation_payment: OrganisationPaymentRow;
  readonly receipt: ReceiptRow;
  readonly open_payment: OpenPaymentRow;
}
