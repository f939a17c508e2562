import type { RosterColumn } from './columns.js';

/** Stable: clients and translations know them. */
export const FAULT_CODES = [
  'IMPORT_VALUE_MISSING',
  'IMPORT_TEXT_TOO_LONG',
  'IMPORT_TEXT_FORBIDDEN',
  'IMPORT_CELL_FORMULA',
  'IMPORT_CELL_ERROR',
  'IMPORT_CELL_MERGED',
  'IMPORT_CELL_IS_DATE',
  'IMPORT_ROW_TOO_WIDE',
  'IMPORT_ACADEMIC_YEAR_INVALID',
  'IMPORT_TERM_INVALID',
  'IMPORT_STUDENT_NO_INVALID',
  'IMPORT_STUDENT_NAME_DIFFERS',
  'IMPORT_ID_NUMBER_INVALID',
  'IMPORT_ID_TRUNCATED',
  'IMPORT_PHONE_INVALID',
  'IMPORT_FEE_ITEM_UNKNOWN',
  'IMPORT_FEE_ITEM_RETIRED',
  'IMPORT_AMOUNT_INVALID',
  'IMPORT_AMOUNT_NEGATIVE',
  'IMPORT_AMOUNT_ZERO',
  'IMPORT_AMOUNT_TOO_LARGE',
  'IMPORT_WAIVER_EXCEEDS_AMOUNT',
  'IMPORT_DATE_INVALID',
  'IMPORT_DEFERRAL_UNSUPPORTED',
  'IMPORT_DUPLICATE_ROW',
  'IMPORT_BILL_CANCELLED',
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/** What is wrong with one cell of a row. */
export interface Fault {
  readonly column: RosterColumn;
  readonly code: FaultCode;
  /** Figures for the message, e.g. the row that has the same bill. Never personal data. */
  readonly details?: Readonly<Record<string, string>>;
}
