import type { TableDefinition } from '#libs/views/port/index.js';

/** Balances now: the fold of every posting, per tenant and asset. Holds that came to zero are left out. */
export const balanceTable: TableDefinition = {
  name: 'ledger_balance',
  columns: { tenant: 'text', asset: 'text', account: 'text', balance_minor: 'minor' },
  primaryKey: ['tenant', 'asset', 'account'],
};

/** One row per posting, for good. */
export const entryTable: TableDefinition = {
  name: 'ledger_entry',
  columns: {
    /** See entry-order.ts: log order, then the order of the postings in the event. */
    entry: 'integer',
    tenant: 'text',
    asset: 'text',
    source: 'text',
    destination: 'text',
    amount_minor: 'minor',
    /** Business time, ms since 1970. */
    at_ms: 'integer',
    /** When the log recorded it, ms since 1970. */
    recorded_ms: 'integer',
    stream: 'text',
    event_id: 'text',
    event_type: 'text',
  },
  primaryKey: ['entry'],
  // The amount makes them enough for sums: an account of a million entries is added up without fetching a row.
  indexes: [
    ['tenant', 'asset', 'source', 'entry', 'amount_minor'],
    ['tenant', 'asset', 'destination', 'entry', 'amount_minor'],
  ],
};

/**
 * Stretches of the log in which the recorded time never goes back; a new one begins where the clock was set back, and
 * whenever the projection starts. Some hundred rows in a year.
 */
export const stretchTable: TableDefinition = {
  name: 'ledger_stretch',
  columns: { first_entry: 'integer', last_entry: 'integer', last_ms: 'integer' },
  primaryKey: ['first_entry'],
};

export interface EntryRow {
  readonly entry: number;
  readonly tenant: string;
  readonly asset: string;
  readonly source: string;
  readonly destination: string;
  readonly amount_minor: bigint;
  readonly at_ms: number;
  readonly recorded_ms: number;
  readonly stream: string;
  readonly event_id: string;
  readonly event_type: string;
}

export interface StretchRow {
  readonly first_entry: number;
  readonly last_entry: number;
  readonly last_ms: number;
}

export interface LedgerTables {
  readonly ledger_balance: {
    readonly tenant: string;
    readonly asset: string;
    readonly account: string;
    readonly balance_minor: bigint;
  };
  readonly ledger_entry: EntryRow;
  readonly ledger_stretch: StretchRow;
}
