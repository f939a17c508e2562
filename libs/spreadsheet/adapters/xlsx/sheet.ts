import { SpreadsheetRefused, type Cell, type SheetRow } from '#libs/spreadsheet/port/index.js';
import { cellOf, type CellParts, type CellSetting } from './cell.js';
import { MAX_SHEET_ROWS, type XlsxLimits } from './limits.js';
import { columnNumber, CoveredCells, type Merge } from './merges.js';
import { textOf, type Parts } from './parts.js';
import { attribute, XmlTokenizer, type XmlHandler } from './xml.js';

/** The usual form of a cell's tag; anything else takes the slower way. */
const USUAL_CELL = /^(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")?\/?$/;

export interface SheetSetting extends CellSetting {
  readonly merges: readonly Merge[];
  readonly limits: XlsxLimits;
}

/** Rows that hold anything, batch by batch as the part is inflated. @throws SpreadsheetRefused */
export async function* readRows(
  parts: Parts,
  name: string,
  setting: SheetSetting,
): AsyncGenerator<readonly SheetRow[]> {
  const rows = new RowCollector(setting);
  const xml = new XmlTokenizer(rows);
  for await (const text of textOf(parts, name)) {
    xml.push(text);
    const batch = rows.take();
    if (batch.length > 0) yield batch;
  }
  xml.end();
}

class RowCollector implements XmlHandler {
  private done: SheetRow[] = [];
  private inRows = false;
  private row = 0;
  private cells: Cell[] = [];
  private column = 0;
  private cell: CellParts | undefined;
  private textOf: 'value' | 'formula' | 'inline' | undefined;
  private inPhonetic = false;
  private readonly covered: CoveredCells;

  constructor(private readonly setting: SheetSetting) {
    this.covered = new CoveredCells(setting.merges);
  }

  get ignoresText(): boolean {
    return this.textOf === undefined;
  }

  take(): SheetRow[] {
    const batch = this.done;
    this.done = [];
    return batch;
  }

  open(name: string, tag: string): void {
    if (!this.inRows) {
      this.inRows = name === 'sheetData';
      return;
    }
    switch (name) {
      case 'row':
        return this.openRow(tag);
      case 'c':
        return this.openCell(tag);
      case 'v':
        this.textOf = 'value';
        return;
      case 'f':
        if (this.cell) this.cell.formula ??= '';
        this.textOf = 'formula';
        return;
      case 't':
        this.textOf = this.inPhonetic ? undefined : 'inline';
        return;
      case 'rPh':
        this.inPhonetic = true;
        return;
      default:
        return;
    }
  }

  close(name: string): void {
    if (!this.inRows) return;
    if (name === 'c') this.closeCell();
    else if (name === 'row') this.closeRow();
    else if (name === 'sheetData') this.inRows = false;
    else if (name === 'rPh') this.inPhonetic = false;
    else this.textOf = undefined;
  }

  text(text: string): void {
    const cell = this.cell;
    if (!cell || this.textOf === undefined) return;
    if (this.textOf === 'value') cell.value = (cell.value ?? '') + text;
    else if (this.textOf === 'formula') cell.formula = (cell.formula ?? '') + text;
    else cell.inline = (cell.inline ?? '') + text;
  }

  private openRow(tag: string): void {
    const given = attribute(tag, 'r');
    const row = given === undefined ? this.row + 1 : Number(given);
    if (!Number.isInteger(row) || row <= this.row) throw unordered();
    if (row > MAX_SHEET_ROWS)
      throw new SpreadsheetRefused('SPREADSHEET_TOO_LARGE', 'The sheet has too many rows.');
    this.row = row;
    this.column = 0;
    this.cells = [];
  }

  private openCell(tag: string): void {
    const usual = USUAL_CELL.exec(tag);
    const reference = usual ? undefined : /^([A-Z]{1,3})(\d{1,7})$/.exec(attribute(tag, 'r') ?? '');
    const letters = usual?.[1] ?? reference?.[1];
    const row = usual?.[2] ?? reference?.[2];
    const column = letters === undefined ? this.column + 1 : columnNumber(letters);
    if (column <= this.column || (row !== undefined && Number(row) !== this.row)) throw unordered();
    this.column = column;
    this.cell = usual
      ? { style: usual[3], type: usual[4] }
      : { style: attribute(tag, 's'), type: attribute(tag, 't') };
  }

  private closeCell(): void {
    const cell = this.cell && cellOf(this.cell, this.setting);
    this.cell = undefined;
    // Cells that only carry a format may stand anywhere, up to the last column.
    if (cell === undefined || cell === '') return;
    if (this.column > this.setting.limits.maxColumns) {
      throw new SpreadsheetRefused(
        'SPREADSHEET_TOO_LARGE',
        `The sheet has more than ${this.setting.limits.maxColumns} columns.`,
      );
    }
    while (this.cells.length < this.column - 1) this.cells.push('');
    this.cells.push(cell);
  }

  private closeRow(): void {
    if (this.cells.length === 0) return;
    for (const column of this.covered.inRow(this.row)) {
      while (this.cells.length < column) this.cells.push('');
      if (this.cells[column - 1] === '') this.cells[column - 1] = { kind: 'merged', text: '' };
    }
    this.done.push({ row: this.row, cells: this.cells });
  }
}

function unordered(): SpreadsheetRefused {
  return new SpreadsheetRefused(
    'SPREADSHEET_UNREADABLE',
    'The workbook is damaged: rows or cells are out of order.',
  );
}
