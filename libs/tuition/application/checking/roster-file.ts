import type { Sheet, SheetRow } from '#libs/spreadsheet/port/index.js';
import {
  bestHeader,
  HEADER_SEARCH_ROWS,
  readHeader,
  ROSTER_COLUMNS,
  type RosterColumn,
  type RosterHeader,
} from '../../domain/roster/index.js';
import type { ImportNote } from '../../domain/roster-import/index.js';
import { CheckFailure } from './check-failure.js';

export interface RosterFile {
  readonly header: RosterHeader;
  readonly notes: readonly ImportNote[];
  /** Rows below the header, batch by batch. */
  readonly rows: AsyncIterable<readonly SheetRow[]>;
}

const RESULTS: readonly RosterColumn[] = ['paid', 'outstanding', 'status'];
const MAX_NAMES_CHARACTERS = 500;

/**
 * Finds the header among the first rows and hands on the rest.
 *
 * @throws CheckFailure `IMPORT_EMPTY`, `IMPORT_HEADER_MISSING`, `IMPORT_HEADER_REPEATED`
 */
export async function openRoster(sheet: Sheet): Promise<RosterFile> {
  const batches = sheet.rows[Symbol.asyncIterator]();
  const first: SheetRow[] = [];
  while (first.length < HEADER_SEARCH_ROWS) {
    const next = await batches.next();
    if (next.done) break;
    first.push(...next.value);
  }
  const candidates = first.slice(0, HEADER_SEARCH_ROWS).map(({ row, cells }) => readHeader(row, cells));
  const header = bestHeader(candidates);
  if (!header) throw new CheckFailure('IMPORT_EMPTY');
  const named = (columns: readonly RosterColumn[]) => ({
    columns: columns.map((key) => ROSTER_COLUMNS[key]).join('、'),
  });
  if (header.missing.length > 0) throw new CheckFailure('IMPORT_HEADER_MISSING', named(header.missing));
  if (header.repeated.length > 0) throw new CheckFailure('IMPORT_HEADER_REPEATED', named(header.repeated));
  const below = first.filter(({ row }) => row > header.row);
  return { header, notes: [...sheetNotes(sheet), ...columnNotes(header)], rows: chained(below, batches) };
}

async function* chained(
  below: readonly SheetRow[],
  rest: AsyncIterator<readonly SheetRow[]>,
): AsyncGenerator<readonly SheetRow[]> {
  try {
    if (below.length > 0) yield below;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function sheetNotes(sheet: Sheet): readonly ImportNote[] {
  return sheet.notes.map(({ code, names }) => ({ code, details: { names } }));
}

function columnNotes({ unknown, titles, positions }: RosterHeader): readonly ImportNote[] {
  const results = RESULTS.flatMap((column) => titles[positions[column] ?? -1] ?? []);
  const note = (code: string, columns: readonly string[]): ImportNote[] =>
    columns.length === 0
      ? []
      : [{ code, details: { columns: columns.join('、').slice(0, MAX_NAMES_CHARACTERS) } }];
  return [...note('COLUMNS_IGNORED', unknown), ...note('RESULT_COLUMNS_IGNORED', results)];
}
