/**
 * Spreadsheets that people hand in (.xlsx, .csv) and take away (.xlsx). Rows stream: neither side holds a whole table.
 *
 * What comes in is hostile until proved otherwise. A file is refused as a whole (`SpreadsheetRefused`) when it cannot be
 * read safely and unambiguously; a cell that cannot be taken at its word (a formula, a covered cell of a merge) is marked,
 * so that the caller can say which row is wrong.
 */

/** Text as it stands in the file (`''` is an empty cell), or a cell whose meaning is not plain text. */
export type Cell = string | MarkedCell;

/**
 * - `number`   `text` is the number as stored, e.g. `1200.5` or `1.2E+3`: binary floating point, 15 digits are right
 * - `date`     `text` is `YYYY-MM-DD`; a time of day is dropped
 * - `boolean`  `TRUE` or `FALSE`
 * - `formula`  `text` is the formula with `=`; its cached value is never used, because nothing proves it current
 * - `error`    `#DIV/0!`, or a date that does not exist
 * - `merged`   covered by a merged cell that starts elsewhere; empty by itself
 */
export interface MarkedCell {
  readonly kind: 'number' | 'date' | 'boolean' | 'formula' | 'error' | 'merged';
  readonly text: string;
}

export interface SheetRow {
  /** 1-based, as a spreadsheet program shows it. */
  readonly row: number;
  /** From the first column on; trailing empty cells may be missing. */
  readonly cells: readonly Cell[];
}

/** Something the person should know that is no fault. */
export interface SheetNote {
  readonly code: 'HIDDEN_SHEETS_IGNORED' | 'OTHER_SHEETS_IGNORED';
  /** Names of the sheets, joined by `, `. */
  readonly names: string;
}

export interface Sheet {
  readonly format: 'xlsx' | 'csv';
  readonly notes: readonly SheetNote[];
  /** Batches (never empty) of the rows that hold anything, in order. To be iterated once. @throws SpreadsheetRefused */
  readonly rows: AsyncIterable<readonly SheetRow[]>;
}

export interface SpreadsheetReader {
  /**
   * Opens the first visible sheet. The kind of file is told by its content, never by its name. `content` may be called
   * several times and must give the same bytes from the start each time.
   * @throws SpreadsheetRefused, and whatever `content` throws
   */
  open(content: () => Promise<AsyncIterable<Uint8Array>>): Promise<Sheet>;
}

export interface SheetToWrite {
  /** At most 31 characters, none of `:\/?*[]`. */
  readonly name: string;
  readonly columns: readonly { readonly header: string; readonly widthCharacters: number }[];
  /** Text only, one cell per column; every cell is written as text, so that no program turns an id into a number or runs a formula. */
  readonly rows: readonly (readonly string[])[];
  /** Index of a column to be set off, e.g. the error messages. */
  readonly highlightedColumn?: number;
}

export interface SpreadsheetWriter {
  /** The whole workbook; the caller bounds the number of rows. */
  write(sheet: SheetToWrite): Promise<Uint8Array>;
}

export type SpreadsheetRefusal =
  /** Not a spreadsheet, or damaged. */
  | 'SPREADSHEET_UNREADABLE'
  /** The old .xls format, or protected by a password (the two look alike). */
  | 'SPREADSHEET_OLD_OR_ENCRYPTED'
  /** More bytes, rows or text than the limits allow. */
  | 'SPREADSHEET_TOO_LARGE'
  /** Inflates out of all proportion, or its parts overlap. */
  | 'SPREADSHEET_BOMB'
  /** Holds a document type definition. */
  | 'SPREADSHEET_DTD'
  /** Neither UTF-8, UTF-16 with a byte order mark, nor GB18030. */
  | 'SPREADSHEET_ENCODING_UNKNOWN'
  /** No visible sheet, or an empty one. */
  | 'SPREADSHEET_EMPTY';

export class SpreadsheetRefused extends Error {
  override readonly name = 'SpreadsheetRefused';
  constructor(
    readonly code: SpreadsheetRefusal,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
