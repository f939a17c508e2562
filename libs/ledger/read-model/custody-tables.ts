import type { TableDefinition } from '#libs/views/port/index.js';

/** What each contract says it holds beside what its custody account holds by the postings. */
export const custodyTable: TableDefinition = {
  name: 'custody_contract',
  columns: {
    contract_id: 'text',
    /** Null until an event of the contract has told. */
    tenant: { type: 'text', nullable: true },
    asset: { type: 'text', nullable: true },
    /** By the contract's last event. */
    held_minor: { type: 'minor', nullable: true },
    /** By every posting so far. */
    posted_minor: 'minor',
  },
  primaryKey: ['contract_id'],
  indexes: [['tenant', 'asset']],
};

/** One row per event by which the two went apart, and per foreign posting; none in sound books. */
export const custodyBreachTable: TableDefinition = {
  name: 'custody_breach',
  columns: {
    position: 'text',
    contract_id: 'text',
    kind: 'text',
    /** The order of the log. */
    place: 'integer',
    tenant: 'text',
    asset: 'text',
    event_type: 'text',
    amount_minor: 'minor',
  },
  primaryKey: ['position', 'contract_id', 'kind'],
  indexes: [['tenant', 'place']],
};

export interface CustodyTables {
  readonly custody_contract: {
    readonly contract_id: string;
    readonly tenant: string | null;
    readonly asset: string | null;
    readonly held_minor: bigint | null;
    readonly posted_minor: bigint;
  };
  readonly custody_breach: {
    readonly position: string;
    readonly contract_id: string;
    readonly kind: string;
    readonly place: number;
    readonly tenant: string;
    readonly asset: string;
    readonly event_type: string;
    readonly amount_minor: bigint;
  };
}
