import type { TableDefinition } from '#libs/views/port/index.js';

export const caseTable: TableDefinition = {
  name: 'case_file',
  columns: {
    id: 'text',
    tenant: 'text',
    /** Null: for the staff of the tenant alone. */
    organisation_id: { type: 'text', nullable: true },
    kind: 'text',
    status: 'text',
    priority: 'text',
    subject: 'text',
    /** JSON object of texts. */
    facts: 'text',
    /** Account of the payer who complains; null for an exception. */
    complainant: { type: 'text', nullable: true },
    /** Null once the complainant's data has been erased, and for an exception. */
    text: { type: 'text', nullable: true },
    owner: { type: 'text', nullable: true },
    opened_at: 'text',
    due_at: 'text',
    resolved_at: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [
    // The order of lists.
    ['tenant', 'due_at', 'id'],
    ['organisation_id', 'due_at', 'id'],
    ['complainant', 'due_at', 'id'],
  ],
};

export interface CaseRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string | null;
  readonly kind: string;
  readonly status: string;
  readonly priority: string;
  readonly subject: string;
  readonly facts: string;
  readonly complainant: string | null;
  readonly text: string | null;
  readonly owner: string | null;
  readonly opened_at: string;
  readonly due_at: string;
  readonly resolved_at: string | null;
}

export interface CasesTables {
  readonly case_file: CaseRow;
}
