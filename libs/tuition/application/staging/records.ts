import type { BillId, FeeItemId, StudentId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { StudentTold } from '../../domain/student/index.js';
import type { FaultCode } from '../../domain/roster/index.js';
import type { Language } from '../i18n/index.js';

export type DiffKind = 'added' | 'changed' | 'unchanged' | 'paid' | 'removed';

/** A row that may be published, or a bill that the file no longer has. Amounts are minor units of CNY/2 as text. */
export interface StagedRow {
  /** 0 for a removed bill. */
  readonly row: number;
  readonly kind: DiffKind;
  readonly billId: BillId;
  readonly studentNo: string;
  readonly name: string;
  readonly feeItemName: string;
  /** To be paid before and after, waivers taken off. */
  readonly before?: string;
  readonly after?: string;
  /** What publishing needs; absent for a removed bill. */
  readonly issue?: {
    readonly studentId: StudentId;
    readonly told: StudentTold;
    /** Class and grade for the bill: the row's own, or the student's when the file has no such column. */
    readonly className: string;
    readonly grade: string;
    /** The row enrols the student or tells something new; of several rows of a student only the first does. */
    readonly enrols: boolean;
    readonly feeItemId: FeeItemId;
    readonly academicYear: string;
    readonly term: string;
    readonly amount: string;
    readonly waived: string;
    readonly dueDate: LocalDate;
  };
}

export interface StagedFault {
  /** Position of the column in the file, from 0. */
  readonly position: number;
  readonly code: FaultCode;
  readonly details?: Readonly<Record<string, string>>;
}

/** A faulty row as it stood in the file. */
export interface StagedFaultyRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly faults: readonly StagedFault[];
}

export interface RowChunk {
  readonly rows: number;
  readonly kinds: Readonly<Partial<Record<DiffKind, number>>>;
}

export interface FaultChunk {
  readonly rows: number;
  readonly faults: number;
}

/** Table of contents of an attempt's working data. */
export interface StagingIndex {
  /** Headers as they stand in the file, by position. */
  readonly titles: readonly string[];
  readonly language: Language;
  readonly rowChunks: readonly RowChunk[];
  readonly faultChunks: readonly FaultChunk[];
}
