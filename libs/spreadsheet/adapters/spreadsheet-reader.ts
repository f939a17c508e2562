import { CSV_LIMITS, openCsv, type CsvLimits } from './csv/index.js';
import { openXlsx, XLSX_LIMITS, type XlsxLimits } from './xlsx/index.js';
import { SpreadsheetRefused, type SpreadsheetReader } from '#libs/spreadsheet/port/index.js';

export interface SpreadsheetLimits {
  readonly csv?: Partial<CsvLimits>;
  readonly xlsx?: Partial<XlsxLimits>;
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Compound file: the old .xls, and any .xlsx with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
const EMPTY_ZIP = [0x50, 0x4b, 0x05, 0x06];

/** The SpreadsheetReader port: .xlsx by an own reader on node:zlib, text by csv-parse. */
export function spreadsheetReader(limits: SpreadsheetLimits = {}): SpreadsheetReader {
  return {
    async open(content) {
      const magic = await firstBytes(await content());
      if (magic.length === 0) throw new SpreadsheetRefused('SPREADSHEET_EMPTY', 'The file is empty.');
      if (startsWith(magic, COMPOUND)) {
        const message = 'The file is an old .xls or has a password; save it as .xlsx without one.';
        throw new SpreadsheetRefused('SPREADSHEET_OLD_OR_ENCRYPTED', message);
      }
      if (startsWith(magic, ZIP) || startsWith(magic, EMPTY_ZIP)) {
        return openXlsx(await content(), { ...XLSX_LIMITS, ...limits.xlsx });
      }
      return openCsv(content, { ...CSV_LIMITS, ...limits.csv });
    },
  };
}

async function firstBytes(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  for await (const chunk of content) {
    head = Uint8Array.from([...head, ...chunk.subarray(0, 4)]);
    if (head.length >= 4) break;
  }
  return head;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
