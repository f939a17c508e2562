import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import iconv from 'iconv-lite';
import { xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { HEADER, rosterRow } from './roster.js';

const WIDTH_CHARACTERS = 14;
const FLUSH_CHARACTERS = 1 << 20;

/** A workbook of the roster, every cell text, so that no program cuts an identity number. */
export function rosterWorkbook(rows: readonly (readonly string[])[]): Promise<Uint8Array> {
  const columns = HEADER.map((header) => ({ header, widthCharacters: WIDTH_CHARACTERS }));
  return xlsxWriter.write({ name: '缴费名册', columns, rows });
}

export function rosterRows(count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => rosterRow(index + 1));
}

/** No cell of the sample roster needs quotation marks. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

export type TextEncoding = 'utf8' | 'gb18030';

/** Writes the roster of any length as .csv, row by row. */
export async function writeRosterCsv(file: string, count: number, encoding: TextEncoding): Promise<void> {
  const stream = createWriteStream(file);
  let text = csvLine(HEADER);
  for (let number = 1; number <= count; number += 1) {
    text += csvLine(rosterRow(number));
    if (text.length >= FLUSH_CHARACTERS || number === count) {
      if (!stream.write(iconv.encode(text, encoding))) await once(stream, 'drain');
      text = '';
    }
  }
  stream.end();
  await once(stream, 'finish');
}
