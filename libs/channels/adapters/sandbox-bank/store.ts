import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  -- content NULL: barred or lost before it was ever taken.
  CREATE TABLE IF NOT EXISTS operations (
    tenant TEXT NOT NULL, operation_id TEXT NOT NULL, content TEXT, kind TEXT, asset TEXT, amount TEXT, of_operation TEXT,
    purpose TEXT, expires_at TEXT, status TEXT NOT NULL, reference TEXT, reason TEXT, remittance_code TEXT, at TEXT,
    moved INTEGER NOT NULL DEFAULT 0, returned INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tenant, operation_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS operations_by_code ON operations (remittance_code) WHERE remittance_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS operations_by_origin ON operations (tenant, of_operation) WHERE of_operation IS NOT NULL;
  CREATE TABLE IF NOT EXISTS agenda (
    tenant TEXT NOT NULL, operation_id TEXT NOT NULL, act TEXT NOT NULL, due_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, operation_id, act)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS agenda_by_time ON agenda (due_ms);
  CREATE TABLE IF NOT EXISTS notices (
    notice_id TEXT PRIMARY KEY, tenant TEXT NOT NULL, operation_id TEXT NOT NULL, body TEXT NOT NULL,
    copies INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS notices_due ON notices (next_ms) WHERE state = 'due';
  CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, date TEXT NOT NULL, at TEXT NOT NULL,
    operation_id TEXT NOT NULL, direction TEXT NOT NULL, asset TEXT NOT NULL, amount TEXT NOT NULL, reference TEXT NOT NULL,
    text TEXT NOT NULL, is_return INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_day ON entries (tenant, date)`;

export type Row = Readonly<Record<string, unknown>>;

interface Work {
  run(): () => void;
  reject(fault: unknown): void;
}

/**
 * The sandbox's books in one SQLite file, so that what it promised survives its restart. Work of the same turn of the event loop
 * shares one transaction and one fsync; each piece is all or nothing by itself.
 */
export class BankStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #waiting: Work[] = [];
  #closed = false;

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    this.#database.exec(TABLES);
  }

  /** Durable when resolved. What `work` throws rejects it, and nothing of it is kept. */
  commit<Value>(work: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('The books are closed.'));
      this.#waiting.push({
        run: () => {
          const value = work();
          return () => resolve(value);
        },
        reject,
      });
      if (this.#waiting.length === 1) setImmediate(() => this.#serve());
    });
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepared(sql).all(...values);
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  /** Inside `commit` only. */
  run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  close(): void {
    if (this.#closed) return;
    this.#serve();
    this.#closed = true;
    this.#database.close();
  }

  #serve(): void {
    const works = this.#waiting;
    if (works.length === 0 || this.#closed) return;
    this.#waiting = [];
    const done: (() => void)[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const work of works) this.#runOne(work, done);
      this.#database.exec('COMMIT');
    } catch (fault) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const { reject } of works) reject(fault);
      return;
    }
    for (const answer of done) answer();
  }

  #runOne(work: Work, done: (() => void)[]): void {
    this.#database.exec('SAVEPOINT piece');
    try {
      done.push(work.run());
    } catch (fault) {
      this.#database.exec('ROLLBACK TO piece');
      work.reject(fault);
    }
    this.#database.exec('RELEASE piece');
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
