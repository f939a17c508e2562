import type { TableDefinition } from '#libs/views/port/index.js';

/** Contracts as lists and the clock look for them; everything else about one is read from its stream. */
export const contractTable: TableDefinition = {
  name: 'contract',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    subject: 'text',
    template_id: 'text',
    template_version: 'text',
    status: 'text',
    asset: 'text',
    funded_minor: 'minor',
    released_minor: 'minor',
    refunded_minor: 'minor',
    held_minor: 'minor',
    frozen_minor: 'minor',
    drafted_at: 'text',
    ends_at: 'text',
    /** When the clock has something to do next; null: never. */
    next_due_at: { type: 'text', nullable: true },
    /** Number of the last event seen. */
    last_seq: 'integer',
    last_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [
    // What a mass refund walks along.
    ['organisation_id', 'status', 'id'],
    ['subject'],
    // What the clock asks for.
    ['next_due_at', 'id'],
  ],
};

/** In whose lists a contract is: its parties', the organisation's in whose name it is made, the tenant's. */
export const contractPartyTable: TableDefinition = {
  name: 'contract_party',
  columns: {
    contract_id: 'text',
    kind: 'text',
    party_id: 'text',
    drafted_at: 'text',
  },
  primaryKey: ['kind', 'party_id', 'contract_id'],
  // The order of lists.
  indexes: [['kind', 'party_id', 'drafted_at', 'contract_id']],
};

export const contractUnitTable: TableDefinition = {
  name: 'contract_unit',
  columns: {
    contract_id: 'text',
    rule_id: 'text',
    dedupe_key: 'text',
    /** Number of the event in which it came up; of a unit without a key, which grows, the last one. */
    since_seq: { type: 'integer', nullable: true },
    amount_minor: 'minor',
    /** `UnitView.status` as the unit's own events say; a dispute is known from the contract. */
    status: { type: 'text', nullable: true },
    payable_at: { type: 'text', nullable: true },
    evidence_id: { type: 'text', nullable: true },
  },
  primaryKey: ['contract_id', 'rule_id', 'dedupe_key'],
  indexes: [['contract_id', 'since_seq']],
};

/** The timeline: every event with the totals after it. */
export const contractEntryTable: TableDefinition = {
  name: 'contract_entry',
  columns: {
    contract_id: 'text',
    seq: 'integer',
    event_id: 'text',
    type: 'text',
    at: 'text',
    by_role: 'text',
    by_party: 'text',
    rule_id: { type: 'text', nullable: true },
    dedupe_key: { type: 'text', nullable: true },
    amount_minor: { type: 'minor', nullable: true },
    funded_minor: 'minor',
    released_minor: 'minor',
    refunded_minor: 'minor',
    held_minor: 'minor',
    frozen_minor: 'minor',
    status: 'text',
    message_key: 'text',
    /** JSON of text by name. */
    details: 'text',
  },
  primaryKey: ['contract_id', 'seq'],
};

interface FigureColumns {
  readonly funded_minor: bigint;
  readonly released_minor: bigint;
  readonly refunded_minor: bigint;
  readonly held_minor: bigint;
  readonly frozen_minor: bigint;
}

export interface ContractRow extends FigureColumns {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly subject: string;
  readonly template_id: string;
  readonly template_version: string;
  readonly status: string;
  readonly asset: string;
  readonly drafted_at: string;
  readonly ends_at: string;
  readonly next_due_at: string | null;
  readonly last_seq: number;
  readonly last_at: string;
}

export interface ContractPartyRow {
  readonly contract_id: string;
  readonly kind: string;
  readonly party_id: string;
  readonly drafted_at: string;
}

export interface ContractUnitRow {
  readonly contract_id: string;
  readonly rule_id: string;
  readonly dedupe_key: string;
  readonly since_seq: number | null;
  readonly amount_minor: bigint;
  readonly status: string | null;
  readonly payable_at: string | null;
  readonly evidence_id: string | null;
}

export interface ContractEntryRow extends FigureColumns {
  readonly contract_id: string;
  readonly seq: number;
  readonly event_id: string;
  readonly type: string;
  readonly at: string;
  readonly by_role: string;
  readonly by_party: string;
  readonly rule_id: string | null;
  readonly dedupe_key: string | null;
  readonly amount_minor: bigint | null;
  readonly status: string;
  readonly message_key: string;
  readonly details: string;
}

export interface ContractTables {
  readonly contract: ContractRow;
  readonly contract_party: ContractPartyRow;
  readonly contract_unit: ContractUnitRow;
  readonly contract_entry: ContractEntryRow;
}
