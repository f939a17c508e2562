import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { resultCodeOf, unavailable } from './failures.js';

/** Prepared statements kept per connection. */
const KEPT_STATEMENTS = 300;

type Row = Record<string, unknown>;

interface PreparedQuery {
  readonly statement: StatementSync;
  /** Columns to turn back into numbers, because another column of the row is an amount and had to be read as bigint. */
  readonly toNumber: readonly string[];
}

/** One read-only connection. A query runs to its end on the calling thread: queries use indexes and fetch pages. */
export class ReadConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, PreparedQuery>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    this.#database.exec('PRAGMA query_only = 1; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456');
  }

  async executeQuery<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    try {
      const { statement, toNumber } = this.#prepare(query.sql);
      const rows = statement.all(...parametersOf(query)) as Row[];
      if (toNumber.length > 0) for (const row of rows) convert(row, toNumber);
      return { rows: rows as Result[] };
    } catch (error) {
      throw isOfTheQuery(error) ? error : unavailable(error);
    }
  }

  async *streamQuery<Result>(query: CompiledQuery, chunkSize = 100): AsyncGenerator<QueryResult<Result>> {
    // A statement of its own: a prepared one that is iterated cannot be used by anybody else meanwhile.
    const { statement, toNumber } = preparedQuery(this.#database, query.sql);
    let rows: Row[] = [];
    for (const row of statement.iterate(...parametersOf(query)) as Iterable<Row>) {
      if (toNumber.length > 0) convert(row, toNumber);
      rows.push(row);
      if (rows.length < chunkSize) continue;
      yield { rows: rows as Result[] };
      rows = [];
    }
    if (rows.length > 0) yield { rows: rows as Result[] };
  }

  execute(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw unavailable(error);
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): PreparedQuery {
    let query = this.#prepared.get(sql);
    if (query) this.#prepared.delete(sql);
    else query = preparedQuery(this.#database, sql);
    this.#prepared.set(sql, query);
    if (this.#prepared.size > KEPT_STATEMENTS) {
      const oldest = this.#prepared.keys().next();
      if (!oldest.done) this.#prepared.delete(oldest.value);
    }
    return query;
  }
}

function preparedQuery(database: DatabaseSync, sql: string): PreparedQuery {
  const statement = database.prepare(sql);
  const names = statement.columns().map(({ name }) => name);
  if (!names.some(isAmount)) return { statement, toNumber: [] };
  statement.setReadBigInts(true);
  return { statement, toNumber: names.filter((name) => !isAmount(name)) };
}

function isAmount(column: string): boolean {
  return column.endsWith('_minor');
}

function convert(row: Row, columns: readonly string[]): void {
  for (const column of columns) {
    const value = row[column];
    if (typeof value !== 'bigint') continue;
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
      throw new RangeError(`${column} is beyond what a number holds; name it …_minor to read it as bigint.`);
    }
    row[column] = Number(value);
  }
}

function parametersOf(query: CompiledQuery): SQLInputValue[] {
  return query.parameters.map((value) =>
    typeof value === 'boolean' ? Number(value) : (value as SQLInputValue),
  );
}

/** Code 1 is SQL that does not compile, 25 a wrong parameter: bugs of the query, not of the store. */
function isOfTheQuery(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === undefined || code === 1 || code === 25;
}
