import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SpreadsheetRefused, type Sheet, type SheetRow } from '#libs/spreadsheet/port/index.js';
import { decodeText, detectEncoding } from './encoding.js';

/** What a .csv may cost; it streams, so only a single row counts towards memory. */
export interface CsvLimits {
  readonly maxRows: number;
  readonly maxColumns: number;
  /** Also the bound on what an unclosed quotation mark can swallow. */
  readonly maxRowCharacters: number;
}

export const CSV_LIMITS: CsvLimits = { maxRows: 2_000_000, maxColumns: 256, maxRowCharacters: 64 * 1024 };

const BATCH_ROWS = 500;
const DELIMITERS = [',', '\t', ';'] as const;
/** Enough to see the header. */
const HEAD_CHARACTERS = 8 * 1024;

/**
 * Opens comma, tab or semicolon separated text. Line ends may be mixed; quotation marks follow RFC 4180, one inside an
 * unquoted field is a plain character. Reads the content twice: once for the encoding, once for the rows.
 *
 * @throws SpreadsheetRefused
 */
export async function openCsv(
  content: () => Promise<AsyncIterable<Uint8Array>>,
  limits: CsvLimits = CSV_LIMITS,
): Promise<Sheet> {
  const { encoding } = await detectEncoding(await content());
  return { format: 'csv', notes: [], rows: readRows(content, encoding, limits) };
}

async function* readRows(
  content: () => Promise<AsyncIterable<Uint8Array>>,
  encoding: Parameters<typeof decodeText>[1],
  limits: CsvLimits,
): AsyncGenerator<readonly SheetRow[]> {
  const { delimiter, text } = await peek(decodeText(await content(), encoding));
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: limits.maxRowCharacters,
  });
  const source = Readable.from(text, { objectMode: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let batch: SheetRow[] = [];
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      refuseOversized(row, cells, limits);
      if (cells.some((cell) => cell !== '')) batch.push({ row, cells });
      if (batch.length >= BATCH_ROWS) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? refusalOf(error, row + 1) : error;
  } finally {
    source.destroy();
  }
  if (batch.length > 0) yield batch;
}

function refuseOversized(row: number, cells: readonly string[], limits: CsvLimits): void {
  if (row > limits.maxRows) {
    throw new SpreadsheetRefused('SPREADSHEET_TOO_LARGE', `The file has more than ${limits.maxRows} rows.`);
  }
  if (cells.length > limits.maxColumns) {
    throw new SpreadsheetRefused(
      'SPREADSHEET_TOO_LARGE',
      `Row ${row} has more than ${limits.maxColumns} columns.`,
    );
  }
}

function refusalOf(error: CsvError, row: number): SpreadsheetRefused {
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const message = `Row ${row} is too long; a quotation mark may be missing.`;
    return new SpreadsheetRefused('SPREADSHEET_TOO_LARGE', message, { cause: error });
  }
  const message = `Row ${row} cannot be read; a quotation mark is missing or too many.`;
  return new SpreadsheetRefused('SPREADSHEET_UNREADABLE', message, { cause: error });
}

/** Looks at the first line for the separator that occurs most, without losing what was read. */
async function peek(
  text: AsyncGenerator<string>,
): Promise<{ delimiter: string; text: AsyncIterable<string> }> {
  let head = '';
  while (head.length < HEAD_CHARACTERS) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
  }
  const declared = /^sep=(.)\r?\n/i.exec(head);
  const firstLine = /^[^\r\n]*/.exec(head)![0];
  const count = (delimiter: string): number => firstLine.split(delimiter).length;
  const delimiter = declared?.[1] ?? DELIMITERS.toSorted((a, b) => count(b) - count(a))[0]!;
  return { delimiter, text: joined(declared ? head.slice(declared[0].length) : head, text) };
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    if (head !== '') yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
