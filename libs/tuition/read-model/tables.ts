import type { TableDefinition } from '#libs/views/port/index.js';

export const importTable: TableDefinition = {
  name: 'tuition_import',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    file_name: 'text',
    state: 'text',
    error_policy: 'text',
    started_at: 'text',
    processed: 'integer',
    total: 'integer',
    /** JSON of the preview, the notes, the result and the failure: shown with the import and never searched. */
    preview: { type: 'text', nullable: true },
    notes: { type: 'text', nullable: true },
    result: { type: 'text', nullable: true },
    failure: { type: 'text', nullable: true },
    published_at: { type: 'text', nullable: true },
    /** `nothing`, `rows` or `all`: what of the working data was deleted. */
    erased: 'text',
  },
  primaryKey: ['id'],
  indexes: [
    ['organisation_id', 'started_at', 'id'],
    ['erased', 'started_at'],
  ],
};

export const studentTable: TableDefinition = {
  name: 'tuition_student',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    student_no: 'text',
    /** Null once erased. */
    name: { type: 'text', nullable: true },
    grade: 'text',
    class_name: 'text',
    major: 'text',
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'student_no', 'id']],
};

export interface ImportRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly file_name: string;
  readonly state: string;
  readonly error_policy: string;
  readonly started_at: string;
  readonly processed: number;
  readonly total: number;
  readonly preview: string | null;
  readonly notes: string | null;
  readonly result: string | null;
  readonly failure: string | null;
  readonly published_at: string | null;
  readonly erased: string;
}

export interface StudentRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly student_no: string;
  readonly name: string | null;
  readonly grade: string;
  readonly class_name: string;
  readonly major: string;
}

export interface TuitionTables {
  readonly tuition_import: ImportRow;
  readonly tuition_student: StudentRow;
}
