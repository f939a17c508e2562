import type { TableDefinition } from '#libs/views/port/index.js';

export const walletTable: TableDefinition = {
  name: 'wallet',
  columns: {
    id: 'text',
    tenant: 'text',
    owner: 'text',
    label: 'text',
    asset: 'text',
    available_minor: 'minor',
    held_minor: 'minor',
  },
  primaryKey: ['id'],
  indexes: [['owner']],
};

export const paymentTable: TableDefinition = {
  name: 'payment',
  columns: {
    id: 'text',
    tenant: 'text',
    account: 'text',
    channel: 'text',
    status: 'text',
    asset: 'text',
    total_minor: 'minor',
    change_minor: { type: 'minor', nullable: true },
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
  },
  primaryKey: ['payment_id', 'position'],
  indexes: [['bill_id']],
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
    /** JSON of `StoredLine[]`: read with the receipt and never without it. */
    lines: 'text',
  },
  primaryKey: ['id'],
  indexes: [['payment_id']],
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

/** The ledger's balances: the fold of every posting, per tenant and asset. */
export const accountBalanceTable: TableDefinition = {
  name: 'account_balance',
  columns: { tenant: 'text', asset: 'text', account: 'text', balance_minor: 'minor' },
  primaryKey: ['tenant', 'asset', 'account'],
};

/** One line of a receipt inside `receipt.lines`. `amount` in minor units as text. */
export interface StoredLine {
  readonly billId: string;
  readonly billNumber: string;
  readonly payerNumber: string;
  readonly description: string;
  readonly amount: string;
}

export interface WalletRow {
  readonly id: string;
  readonly tenant: string;
  readonly owner: string;
  readonly label: string;
  readonly asset: string;
  readonly available_minor: bigint;
  readonly held_minor: bigint;
}

export interface PaymentRow {
  readonly id: string;
  readonly tenant: string;
  readonly account: string;
  readonly channel: string;
  readonly status: string;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly change_minor: bigint | null;
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
  readonly wallet: WalletRow;
  readonly payment: PaymentRow;
  readonly payment_bill: PaymentBillRow;
  readonly receipt: ReceiptRow;
  readonly open_payment: OpenPaymentRow;
  readonly account_balance: {
    readonly tenant: string;
    readonly asset: string;
    readonly account: string;
    readonly balance_minor: bigint;
  };
}
