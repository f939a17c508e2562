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
    return withoutTimes(await workbook.toBuffer());
  },
};

/** 1980-01-01 00:00, the first moment the format knows: the same rows make the same file, whenever they are written. */
const NO_TIME = 0x00210000;

function withoutTimes(file: Buffer): Buffer {
  const end = file.length - 22;
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    file.writeUInt32LE(NO_TIME, at + 12);
    file.writeUInt32LE(NO_TIME, file.readUInt32LE(at + 42) + 10);
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return file;
}
