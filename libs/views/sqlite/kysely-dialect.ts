import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { ReadConnection } from './read-connection.js';
import { ViewsUnavailable } from '../port/index.js';

/** Queries waiting for a connection; more are refused. */
const LONGEST_WAIT_LIST = 1_000;

/** Kysely over read-only connections of node:sqlite. Writing goes through `Views.commit` alone. */
export class SqliteViewsDialect implements Dialect {
  constructor(private readonly driver: ReadDriver) {}

  createDriver(): Driver {
    return this.driver;
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}

/** Kysely closes a driver only after it was used once; its owner closes it in any case. */
export class ReadDriver implements Driver {
  readonly #idle: ReadConnection[] = [];
  readonly #waiting: { resolve(connection: ReadConnection): void; reject(error: Error): void }[] = [];
  #open = 0;
  #closed = false;

  constructor(
    private readonly file: string,
    private readonly limit: number,
  ) {}

  async init(): Promise<void> {}

  /** The connection used last comes first: its statements and pages are warm. Others are opened for transactions only. */
  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#closed) throw new ViewsUnavailable('The views are closed.');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#open < this.limit) {
      this.#open += 1;
      return new ReadConnection(this.file);
    }
    if (this.#waiting.length >= LONGEST_WAIT_LIST)
      throw new ViewsUnavailable('Too many queries wait for a connection.');
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const read = connection as ReadConnection;
    const next = this.#waiting.shift();
    if (next) next.resolve(read);
    else if (this.#closed) read.close();
    else this.#idle.push(read);
  }

  /** Deferred: the snapshot is taken at the first read and kept to the end. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as ReadConnection).execute('BEGIN');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as ReadConnection).execute('COMMIT');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as ReadConnection).execute('ROLLBACK');
  }

  async destroy(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new ViewsUnavailable('The views are closed.'));
    for (const connection of this.#idle.splice(0)) connection.close();
  }
}
