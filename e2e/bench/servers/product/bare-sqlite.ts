import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PROJECTIONS } from '#apps/standalone/contexts.js';
import type { EventLog } from '#libs/event-log/port/index.js';

/** Rows of one transaction of the baseline. */
const ROWS_PER_TRANSACTION = 20_000;

/** Baseline of folding: the same JSON texts in a plain table, selected in order and parsed. */
export class BareEvents {
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    this.#database = openBare(join(folder, 'bare-events.db'));
    this.#database.exec(
      'CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, type TEXT, metadata TEXT, data TEXT) STRICT',
    );
  }

  async copy(log: Pick<EventLog, 'readAll'>): Promise<void> {
    const insert = this.#database.prepare(
      'INSERT INTO events (stream, type, metadata, data) VALUES (?, ?, ?, ?)',
    );
    for await (const page of log.readAll()) {
      this.#database.exec('BEGIN');
      for (const { stream, type, metadata, data } of page) {
        insert.run(stream, type, JSON.stringify(metadata), JSON.stringify(data));
      }
      this.#database.exec('COMMIT');
    }
  }

  /** Milliseconds. */
  scan(): number {
    const startedMs = performance.now();
    const select = this.#database.prepare(
      'SELECT stream, type, metadata, data FROM events ORDER BY position',
    );
    let fields = 0;
    for (const row of select.iterate()) {
      fields += Object.keys(JSON.parse(row['metadata'] as string) as object).length;
      fields += Object.keys(JSON.parse(row['data'] as string) as object).length;
    }
    if (fields === 0) throw new Error('The baseline has no events.');
    return performance.now() - startedMs;
  }

  close(): void {
    this.#database.close();
  }
}

export interface BareInserts {
  readonly rows: number;
  readonly durationMs: number;
}

/** Baseline of a view's rebuild: the view's own tables, indexes included, filled by plain inserts in big transactions. */
export function insertBare(folder: string, projections: readonly string[], run: number): BareInserts {
  const views = new DatabaseSync(join(folder, 'views.db'), { readOnly: true });
  const bare = openBare(join(folder, `bare-views-${run}.db`));
  try {
    const tables = PROJECTIONS.filter(({ name }) => projections.includes(name)).flatMap(
      ({ tables: own }) => own,
    );
    let rows = 0;
    let durationMs = 0;
    for (const { name } of tables) {
      for (const { sql } of views
        .prepare('SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL')
        .all(name)) {
        bare.exec(sql as string);
      }
      const select = views.prepare(`SELECT * FROM "${name}"`);
      select.setReadBigInts(true);
      select.setReturnArrays(true);
      const content = select.all() as unknown as (string | bigint | null)[][];
      const startedMs = performance.now();
      insertAll(bare, name, content);
      durationMs += performance.now() - startedMs;
      rows += content.length;
    }
    return { rows, durationMs };
  } finally {
    bare.close();
    views.close();
  }
}

function insertAll(database: DatabaseSync, table: string, rows: readonly (string | bigint | null)[][]): void {
  const [first] = rows;
  if (!first) return;
  const insert = database.prepare(`INSERT INTO "${table}" VALUES (${first.map(() => '?').join(', ')})`);
  for (let start = 0; start < rows.length; start += ROWS_PER_TRANSACTION) {
    database.exec('BEGIN');
    for (const row of rows.slice(start, start + ROWS_PER_TRANSACTION)) insert.run(...row);
    database.exec('COMMIT');
  }
}

function openBare(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536');
  return database;
}
