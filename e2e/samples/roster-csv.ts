import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import iconv from 'iconv-lite';
import { csvLine, HEADER, rosterRow } from '#libs/testing/roster.js';

const FLUSH_CHARACTERS = 1 << 20;

export function rosterRows(count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => rosterRow(index + 1));
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
