import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Position } from '#libs/event-log/port/index.js';
import { ViewsUnavailable, type TableDefinition, type Views, type ViewWriter } from '../port/index.js';
import { Checkpointer } from './checkpointer.js';
import { Committer } from './committer.js';
import { openForWriting } from './connection.js';
import { unavailable } from './failures.js';
import { ReadDriver, SqliteViewsDialect } from './kysely-dialect.js';
import { MergingWriter } from './merging-writer.js';
import { StatementNumbers } from './row-writes.js';
import { ViewTable } from './tables.js';
import { SqliteViewWriter } from './writer.js';

export interface SqliteViewsOptions {
  /** Path of the data file; `-wal` and `-shm` lie beside it. Its folder must exist. */
  readonly file: string;
  /** Transactions that may read at once, each on a connection of its own; default 8. Single queries share one. */
  readonly readers?: number;
  /** Row operations from which on a transaction is carried out by a worker; default 64. */
  readonly largeFrom?: number;
}

const LARGE_FROM = 64;
/** Page cache for the small transactions of quiet times, KiB. */
const CACHE_KIB = 16_384;

interface OwnerRow {
  readonly definition: string;
  readonly tables: string;
}

/**
 * Views in one SQLite file, WAL, synchronous=NORMAL: a commit survives the death of the process; after a power cut the last
 * ones may be gone together with their checkpoints, and are applied again from the log. Large commits run on a thread of their own.
 */
export class SqliteViews implements Views {
  readonly #database: DatabaseSync;
  readonly #tables = new Map<string, ViewTable>();
  readonly #owners = new Map<string, string>();
  readonly #writer: SqliteViewWriter;
  readonly #readers: ReadDriver;
  readonly #kysely: Kysely<unknown>;
  readonly #checkpointer: Checkpointer;
  readonly #numbers = new StatementNumbers();
  readonly #committer: Committer;
  #closed = false;

  /** @throws ViewsUnavailable */
  static open(options: SqliteViewsOptions): SqliteViews {
    try {
      return new SqliteViews(options);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private constructor({ file, readers = 8, largeFrom = LARGE_FROM }: SqliteViewsOptions) {
    this.#database = openForWriting(file, CACHE_KIB);
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS _owners (
        owner TEXT PRIMARY KEY, definition TEXT, tables TEXT, checkpoint TEXT
      ) STRICT, WITHOUT ROWID`);
    this.#writer = new SqliteViewWriter(this.#numbers, this.#tables);
    this.#committer = new Committer({ file, database: this.#database, largeFrom }, this.#numbers);
    this.#checkpointer = new Checkpointer(file);
    this.#readers = new ReadDriver(file, readers);
    this.#kysely = new Kysely({ dialect: new SqliteViewsDialect(this.#readers) });
  }

  database<Tables>(): Kysely<Tables> {
    return this.#kysely as unknown as Kysely<Tables>;
  }

  async define(owner: string, version: number, tables: readonly TableDefinition[]): Promise<void> {
    this.#assertOpen();
    const defined = tables.map((table) => new ViewTable(table));
    for (const { name } of defined) {
      const other = this.#owners.get(name);
      if (other !== undefined && other !== owner)
        throw new TypeError(`Table ${name} belongs to ${other}, not to ${owner}.`);
    }
    const definition = JSON.stringify({ version, tables });
    const before = this.#ownerRow(owner);
    if (before?.definition !== definition) {
      await this.#transaction(() => {
        this.#drop([...(JSON.parse(before?.tables ?? '[]') as string[]), ...defined.map(({ name }) => name)]);
        for (const statement of defined.flatMap((table) => table.statements()))
          this.#database.exec(statement);
        this.#database
          .prepare(
            'INSERT OR REPLACE INTO _owners (owner, definition, tables, checkpoint) VALUES (?, ?, ?, NULL)',
          )
          .run(owner, definition, JSON.stringify(defined.map(({ name }) => name)));
      });
    }
    for (const [name, of] of this.#owners) if (of === owner) this.#forget(name);
    for (const table of defined) {
      this.#tables.set(table.name, table);
      this.#owners.set(table.name, owner);
    }
    this.#numbers.forget(true);
  }

  async commit(owner: string, checkpoint: Position, write: (writer: ViewWriter) => void): Promise<void> {
    this.#assertOpen();
    this.#numbers.forget(false);
    // What a write that throws has left behind must not come along with the next one.
    this.#writer.take();
    const merging = new MergingWriter(this.#writer, this.#tables);
    write(merging);
    merging.flush();
    const writes = this.#writer.take();
    await this.#committer.commit(owner, checkpoint, writes);
    this.#checkpointer.committed(writes.statements.length);
  }

  async checkpoint(owner: string): Promise<Position | undefined> {
    this.#assertOpen();
    const row = this.#database.prepare('SELECT checkpoint FROM _owners WHERE owner = ?').get(owner);
    return (row?.['checkpoint'] ?? undefined) as Position | undefined;
  }

  async reset(owner: string): Promise<void> {
    this.#assertOpen();
    await this.#transaction(() => {
      for (const [name, of] of this.#owners) if (of === owner) this.#database.exec(`DELETE FROM "${name}"`);
      this.#database.prepare('UPDATE _owners SET checkpoint = NULL WHERE owner = ?').run(owner);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committer.close();
    await this.#checkpointer.close();
    await this.#kysely.destroy();
    await this.#readers.destroy();
    this.#database.close();
  }

  #transaction(work: () => void): Promise<void> {
    return this.#committer.alone((transactions) => transactions.run(work));
  }

  #drop(names: readonly string[]): void {
    for (const name of new Set(names)) this.#database.exec(`DROP TABLE IF EXISTS "${name}"`);
  }

  #forget(name: string): void {
    this.#tables.delete(name);
    this.#owners.delete(name);
  }

  #ownerRow(owner: string): OwnerRow | undefined {
    const row = this.#database.prepare('SELECT definition, tables FROM _owners WHERE owner = ?').get(owner);
    return row?.['definition'] ? (row as unknown as OwnerRow) : undefined;
  }

  #assertOpen(): void {
    if (this.#closed) throw new ViewsUnavailable('The views are closed.');
  }
}
