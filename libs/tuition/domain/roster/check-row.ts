import type { FeeItemId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { StudentTold } from '../student/index.js';
import { hasForbiddenCharacter, plainNumber, unguardFormula, type RosterCell } from './cell.js';
import type { RosterColumn, RosterHeader } from './columns.js';
import type { Fault, FaultCode } from './faults.js';
import {
  asksForDeferral,
  readAcademicYear,
  readAmount,
  readDate,
  readIdNumber,
  readPhone,
  readStudentNo,
  readTerm,
  type Read,
} from './fields.js';

export interface RosterFeeItem {
  readonly id: FeeItemId;
  readonly code: string;
  readonly name: string;
  readonly retired: boolean;
}

/** A row that is right in itself. */
export interface RosterRow {
  readonly row: number;
  readonly academicYear: string;
  readonly term: string;
  readonly studentNo: string;
  readonly told: StudentTold;
  readonly feeItem: RosterFeeItem;
  /** Minor units of CNY/2. */
  readonly amountFen: bigint;
  readonly waivedFen: bigint;
  readonly dueDate: LocalDate;
  /** The identity number's check digit is wrong: a warning, not a fault. */
  readonly checkDigitWrong: boolean;
}

export type RowVerdict =
  | { readonly right: true; readonly roster: RosterRow }
  | { readonly right: false; readonly row: number; readonly faults: readonly Fault[] };

export interface RowSetting {
  readonly header: RosterHeader;
  /** By code and by name. */
  readonly feeItems: ReadonlyMap<string, RosterFeeItem>;
}

const MAX_TEXT_CHARACTERS = 64;
const MAX_AMOUNT_CHARACTERS = 40;

/** Checks one row by itself; what it has to do with other rows and with bills is judged elsewhere. */
export function checkRow(row: number, cells: readonly RosterCell[], setting: RowSetting): RowVerdict {
  const read = new RowReader(cells, setting.header);
  if (
    cells.length > setting.header.titles.length &&
    cells.slice(setting.header.titles.length).some(holdsText)
  ) {
    read.fault('studentNo', 'IMPORT_ROW_TOO_WIDE');
  }
  const studentNo = read.required('studentNo', readStudentNo);
  const told = readTold(read);
  const academicYear = read.required('academicYear', readAcademicYear);
  const term = read.required('term', readTerm);
  const feeItem = read.required('feeItem', (text) => readFeeItem(text, setting.feeItems));
  const figures = readFigures(read);
  const dueDate = read.required('dueDate', readDate);
  if (asksForDeferral(read.optional('deferred') ?? '')) read.fault('deferred', 'IMPORT_DEFERRAL_UNSUPPORTED');
  if (read.faults.length > 0) return { right: false, row, faults: read.faults };
  const { checkDigitWrong, ...details } = told;
  const roster: RosterRow = {
    row,
    academicYear: academicYear!,
    term: term!,
    studentNo: studentNo!,
    told: details,
    feeItem: feeItem!,
    ...figures,
    dueDate: dueDate!,
    checkDigitWrong,
  };
  return { right: true, roster };
}

function readTold(read: RowReader): StudentTold & { readonly checkDigitWrong: boolean } {
  const id = read.optionalAs('idNumber', readIdNumber);
  const phone = read.optionalAs('phone', readPhone);
  const grade = read.optional('grade');
  const className = read.optional('className');
  const major = read.optional('major');
  return {
    name: read.required('name', (text) => ({ value: text })) ?? '',
    ...(id === undefined ? {} : { idNumber: id.idNumber }),
    ...(phone === undefined ? {} : { phone }),
    ...(grade === undefined ? {} : { grade }),
    ...(className === undefined ? {} : { className }),
    ...(major === undefined ? {} : { major }),
    checkDigitWrong: id !== undefined && !id.checkDigitRight,
  };
}

function readFigures(read: RowReader): { readonly amountFen: bigint; readonly waivedFen: bigint } {
  const amountFen = read.amount('amount');
  const waivedFen = read.amount('waiver') ?? 0n;
  if (amountFen === 0n) read.fault('amount', 'IMPORT_AMOUNT_ZERO');
  if (amountFen !== undefined && amountFen > 0n && waivedFen > amountFen) {
    read.fault('waiver', 'IMPORT_WAIVER_EXCEEDS_AMOUNT');
  }
  return { amountFen: amountFen ?? 0n, waivedFen };
}

function readFeeItem(text: string, known: ReadonlyMap<string, RosterFeeItem>): Read<RosterFeeItem> {
  const item = known.get(text);
  if (!item) return { code: 'IMPORT_FEE_ITEM_UNKNOWN' };
  return item.retired ? { code: 'IMPORT_FEE_ITEM_RETIRED' } : { value: item };
}

function holdsText(cell: RosterCell): boolean {
  return typeof cell === 'string' ? cell.trim() !== '' : cell.kind !== 'merged';
}

/** Reads the cells of one row and collects what is wrong with them. */
class RowReader {
  readonly faults: Fault[] = [];

  constructor(
    private readonly cells: readonly RosterCell[],
    private readonly header: RosterHeader,
  ) {}

  fault(column: RosterColumn, code: FaultCode): void {
    this.faults.push({ column, code });
  }

  /** Empty counts as missing. */
  required<Value>(column: RosterColumn, read: (text: string) => Read<Value>): Value | undefined {
    const text = this.line(column);
    if (text === '') this.fault(column, 'IMPORT_VALUE_MISSING');
    return text === undefined || text === '' ? undefined : this.judged(column, read(text));
  }

  optionalAs<Value>(column: RosterColumn, read: (text: string) => Read<Value>): Value | undefined {
    const text = this.line(column);
    return text === undefined || text === '' ? undefined : this.judged(column, read(text));
  }

  /** `undefined` when the cell is empty or the file has no such column: then nothing is told about it. */
  optional(column: RosterColumn): string | undefined {
    return this.line(column) || undefined;
  }

  /** Blanks are not taken away: an amount is exact or it is wrong. A missing waiver is none; a missing amount is a fault. */
  amount(column: 'amount' | 'waiver'): bigint | undefined {
    const text = this.textOf(column);
    if (text === undefined) return undefined;
    if (text === '') {
      if (column === 'amount') this.fault(column, 'IMPORT_VALUE_MISSING');
      return undefined;
    }
    return this.judged(
      column,
      text.length > MAX_AMOUNT_CHARACTERS ? { code: 'IMPORT_AMOUNT_INVALID' } : readAmount(text),
    );
  }

  private judged<Value>(column: RosterColumn, read: Read<Value>): Value | undefined {
    if ('value' in read) return read.value;
    this.fault(column, read.code);
    return undefined;
  }

  /** One line of text without blanks around it, in Unicode's composed form; `undefined` after a fault. */
  private line(column: RosterColumn): string | undefined {
    const text = this.textOf(column)?.trim().normalize('NFC');
    if (text === undefined || text === '') return text;
    if (text.length > MAX_TEXT_CHARACTERS) this.fault(column, 'IMPORT_TEXT_TOO_LONG');
    else if (hasForbiddenCharacter(text)) this.fault(column, 'IMPORT_TEXT_FORBIDDEN');
    else return text;
    return undefined;
  }

  /** The cell as text, or `undefined` after a fault. */
  private textOf(column: RosterColumn): string | undefined {
    const position = this.header.positions[column];
    const cell = position === undefined ? '' : (this.cells[position] ?? '');
    if (typeof cell === 'string') return unguardFormula(cell);
    const marked = readMarked(column, cell);
    return this.judged(column, marked);
  }
}

const AMOUNTS: ReadonlySet<RosterColumn> = new Set(['amount', 'waiver']);
const DATES: ReadonlySet<RosterColumn> = new Set(['dueDate', 'deferredUntil']);

function readMarked(column: RosterColumn, cell: Exclude<RosterCell, string>): Read<string> {
  switch (cell.kind) {
    case 'formula':
      return { code: 'IMPORT_CELL_FORMULA' };
    case 'error':
      return { code: 'IMPORT_CELL_ERROR' };
    case 'merged':
      return { code: 'IMPORT_CELL_MERGED' };
    case 'date':
      return DATES.has(column) ? { value: cell.text } : { code: 'IMPORT_CELL_IS_DATE' };
    case 'boolean':
      return { value: cell.text };
    case 'number': {
      const text = plainNumber(cell.text);
      if (text !== undefined) return { value: text };
      return { code: AMOUNTS.has(column) ? 'IMPORT_AMOUNT_TOO_LARGE' : 'IMPORT_ID_TRUNCATED' };
    }
  }
}
