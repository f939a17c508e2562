import writeXlsxFile from 'write-excel-file/node';
import { escapeText } from './strings.js';
import type { SheetToWrite, SpreadsheetWriter } from '#libs/spreadsheet/port/index.js';

/** Format `@` keeps a cell text when someone edits it; without it `=1+1` typed over itself becomes a formula. */
const TEXT = '@';
const HEADER_COLOUR = '#e8eef7';
const HIGHLIGHT_COLOUR = '#fff1f0';

/** The SpreadsheetWriter port on write-excel-file. */
export const xlsxWriter: SpreadsheetWriter = {
  async write({ name, columns, rows, highlightedColumn }: SheetToWrite): Promise<Uint8Array> {
    const header = columns.map((column) => ({
      value: escapeText(column.header),
      type: String,
      format: TEXT,
      fontWeight: 'bold' as const,
      backgroundColor: HEADER_COLOUR,
    }));
    const body = rows.map((row) =>
      row.map((value, column) =>
        value === ''
          ? null
          : {
              value: escapeText(value),
              type: String,
              format: TEXT,
              ...(column === highlightedColumn ? { backgroundColor: HIGHLIGHT_COLOUR, wrap: true } : {}),
            },
      ),
    );
    const workbook = writeXlsxFile([header, ...body], {
      sheet: name,
      columns: columns.map(({ widthCharacters: width }) => ({ width })),
      stickyRowsCount: 1,
    });
    return workbook.toBuffer();
  },
};
