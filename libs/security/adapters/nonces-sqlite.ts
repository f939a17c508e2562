import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Instant, addMs } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import { type Nonces, NoncesUnavailable } from '../port/index.js';

export interface SqliteNoncesOptions {
  /** Path of the data file (`nonces.db`). Its folder must exist. */
  readonly file: string;
  readonly clock: Clock;
  /** Nonces that may live at once; default 1,000,000, about 100 bytes each. */
  readonly limit?: number;
}

interface Claim {
  readonly keyId: string;
  readonly nonce: string;
  readonly expiresAt: Instant;
  resolve(first: boolean): void;
  reject(fault: unknown): void;
}

/** Kept beyond their end: a clock that jumps back must not make an old request fresh again. */
const KEPT_LONGER_MS = 15 * 60_000;
const PRUNE_EVERY_MS = 30_000;

/**
 * Nonces in one SQLite file, WAL with synchronous=FULL. Claims of the same turn of the event loop share one transaction, so that
 * many at once cost one fsync.
 */
export class SqliteNonces implements Nonces {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #prune: StatementSync;
  readonly #count: StatementSync;
  readonly #clock: Clock;
  readonly #limit: number;
  #stored: number;
  #prunedAtMs = Number.NEGATIVE_INFINITY;
  #waiting: Claim[] = [];
  #closed = false;

  /** @throws NoncesUnavailable when the file cannot be opened */
  static open(options: SqliteNoncesOptions): SqliteNonces {
    try {
      return new SqliteNonces(options);
    } catch (fault) {
      throw unavailable(fault);
    }
  }

  private constructor({ file, clock, limit = 1_000_000 }: SqliteNoncesOptions) {
    this.#clock = clock;
    this.#limit = limit;
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    try {
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS nonces (
          key_id TEXT NOT NULL, nonce TEXT NOT NULL, expires_at TEXT NOT NULL, PRIMARY KEY (key_id, nonce)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS nonces_by_end ON nonces (expires_at)`);
      this.#insert = this.#database.prepare(
        'INSERT OR IGNORE INTO nonces (key_id, nonce, expires_at) VALUES (?, ?, ?)',
      );
      this.#prune = this.#database.prepare('DELETE FROM nonces WHERE expires_at < ?');
      this.#count = this.#database.prepare('SELECT count(*) AS stored FROM nonces');
      this.#stored = this.#counted();
    } catch (fault) {
      this.#database.close();
      throw fault;
    }
  }

  claim(keyId: string, nonce: string, expiresAt: Instant): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new NoncesUnavailable('The nonces are closed.'));
      this.#waiting.push({ keyId, nonce, expiresAt, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#serve());
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#serve();
    this.#closed = true;
    this.#database.close();
  }

  #serve(): void {
    const claims = this.#waiting;
    if (claims.length === 0 || this.#closed) return;
    this.#waiting = [];
    try {
      const first = this.#store(claims);
      claims.forEach(({ resolve }, index) => resolve(first[index] === true));
    } catch (fault) {
      for (const { reject } of claims) reject(unavailable(fault));
    }
  }

  #store(claims: readonly Claim[]): readonly boolean[] {
    const isFull = (): boolean => this.#stored + claims.length > this.#limit;
    if (isFull() || this.#clock.monotonicMs() - this.#prunedAtMs > PRUNE_EVERY_MS) this.#forgetEnded();
    if (isFull()) throw new NoncesUnavailable('Too many nonces live at once.');
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const first = claims.map(
        ({ keyId, nonce, expiresAt }) => this.#insert.run(keyId, nonce, expiresAt).changes === 1,
      );
      this.#database.exec('COMMIT');
      this.#stored += first.filter(Boolean).length;
      return first;
    } catch (fault) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw fault;
    }
  }

  #forgetEnded(): void {
    this.#prunedAtMs = this.#clock.monotonicMs();
    this.#prune.run(addMs(this.#clock.now(), -KEPT_LONGER_MS));
    this.#stored = this.#counted();
  }

  #counted(): number {
    return Number(this.#count.get()?.['stored']);
  }
}

function unavailable(fault: unknown): NoncesUnavailable {
  if (fault instanceof NoncesUnavailable) return fault;
  const reason = fault instanceof Error ? fault.message : String(fault);
  return new NoncesUnavailable(`The nonces cannot be used: ${reason}`, { cause: fault });
}
