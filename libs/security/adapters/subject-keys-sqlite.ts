import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import { type SubjectKeys, SubjectKeysUnavailable } from '../port/index.js';
import { KeyWrap } from './key-wrap.js';

export interface SqliteSubjectKeysOptions {
  /** Path of the data file (`keys.db`), apart from the log. Its folder must exist. */
  readonly file: string;
  /** 32 bytes; `loadMasterKey` gets it. */
  readonly masterKey: Uint8Array;
  readonly rng: Rng;
  /** Keys remembered in memory; default 50,000, about 150 bytes each. */
  readonly remembered?: number;
}

type Keys = Map<SubjectId, Uint8Array>;

interface Request {
  readonly subjects: readonly SubjectId[];
  resolve(keys: ReadonlyMap<SubjectId, Uint8Array>): void;
  reject(error: unknown): void;
}

const KEY_BYTES = 32;
/** Whom the check value belongs to; no subject has such an id. */
const CHECK_OWNER = 'sluice subject keys';

/**
 * Keys in one SQLite file, each wrapped by the master key. WAL with synchronous=FULL: a new key is durable before anything is
 * sealed with it. Requests of the same turn of the event loop share one transaction, so that thousands at once cost one fsync.
 *
 * Erasure overwrites the wrapped key in the file (secure_delete) and cuts the write-ahead log off. A copy of the file made
 * before still holds it: backups of keys must expire sooner than the law allows to answer an erasure.
 */
export class SqliteSubjectKeys implements SubjectKeys {
  readonly #database: DatabaseSync;
  readonly #wrap: KeyWrap;
  readonly #rng: Rng;
  readonly #limit: number;
  readonly #remembered: Keys = new Map();
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #version: StatementSync;
  #waiting: Request[] = [];
  #seenVersion: unknown;
  #closed = false;

  /** @throws SubjectKeysUnavailable: the file cannot be opened, or was made with another master key */
  static open(options: SqliteSubjectKeysOptions): SqliteSubjectKeys {
    try {
      return new SqliteSubjectKeys(options);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private constructor({ file, masterKey, rng, remembered = 50_000 }: SqliteSubjectKeysOptions) {
    this.#rng = rng;
    this.#limit = remembered;
    this.#wrap = new KeyWrap(masterKey, rng);
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    try {
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        CREATE TABLE IF NOT EXISTS subject_keys (subject TEXT PRIMARY KEY, wrapped BLOB) STRICT;
        CREATE TABLE IF NOT EXISTS master_check (id INTEGER PRIMARY KEY, wrapped BLOB NOT NULL) STRICT`);
      this.#checkMaster();
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#select = this.#database.prepare('SELECT wrapped FROM subject_keys WHERE subject = ?');
    this.#insert = this.#database.prepare(
      'INSERT OR IGNORE INTO subject_keys (subject, wrapped) VALUES (?, ?)',
    );
    this.#version = this.#database.prepare('PRAGMA data_version');
  }

  obtain(subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, Uint8Array>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new SubjectKeysUnavailable('The subject keys are closed.'));
      this.#waiting.push({ subjects, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#serve());
    });
  }

  async find(subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, Uint8Array>> {
    this.#assertOpen();
    return this.#guarded(() => this.#found(subjects));
  }

  async destroy(subject: SubjectId): Promise<void> {
    this.#assertOpen();
    this.#remembered.delete(subject);
    this.#guarded(() => {
      // First over with zeros at the same length, in place; then nothing.
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const row = this.#select.get(subject);
        const length = (row?.['wrapped'] as Uint8Array | null | undefined)?.length ?? 0;
        this.#database
          .prepare(
            'INSERT INTO subject_keys (subject) VALUES (?) ON CONFLICT DO UPDATE SET wrapped = zeroblob(?)',
          )
          .run(subject, length);
        this.#database.prepare('UPDATE subject_keys SET wrapped = NULL WHERE subject = ?').run(subject);
        this.#database.exec('COMMIT');
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#serve();
    this.#closed = true;
    this.#remembered.clear();
    this.#database.close();
  }

  /** All requests of this turn in one transaction. */
  #serve(): void {
    const requests = this.#waiting;
    if (requests.length === 0 || this.#closed) return;
    this.#waiting = [];
    try {
      const keys = this.#guarded(() => {
        const wanted = new Set(requests.flatMap(({ subjects }) => subjects));
        const found = this.#found([...wanted]);
        const missing = [...wanted].filter((subject) => !found.has(subject));
        return missing.length === 0 ? found : new Map([...found, ...this.#make(missing)]);
      });
      for (const { subjects, resolve } of requests) resolve(pick(keys, subjects));
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }

  /** Keys for those that never had one; the erased stay without. */
  #make(missing: readonly SubjectId[]): Keys {
    const made: Keys = new Map();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const subject of missing) {
        const key = this.#rng.bytes(KEY_BYTES);
        const isNew = this.#insert.run(subject, this.#wrap.wrap(key, subject)).changes === 1;
        // Not new: erased, or made by another process just now.
        const kept = isNew ? key : this.#stored(subject);
        if (kept) made.set(subject, kept);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    for (const [subject, key] of made) this.#remember(subject, key);
    return made;
  }

  #found(subjects: readonly SubjectId[]): Keys {
    this.#forgetWhatOthersChanged();
    const found: Keys = new Map();
    for (const subject of subjects) {
      const remembered = this.#remembered.get(subject);
      const key = remembered ?? this.#stored(subject);
      if (!key) continue;
      found.set(subject, key);
      this.#remember(subject, key);
    }
    return found;
  }

  #stored(subject: SubjectId): Uint8Array | undefined {
    const wrapped = this.#select.get(subject)?.['wrapped'] as Uint8Array | null | undefined;
    return wrapped ? this.#wrap.unwrap(wrapped, subject) : undefined;
  }

  /** Another process may have destroyed a key: then its number of changes to the file has moved. */
  #forgetWhatOthersChanged(): void {
    const version = this.#version.get()?.['data_version'];
    if (version !== this.#seenVersion) this.#remembered.clear();
    this.#seenVersion = version;
  }

  #remember(subject: SubjectId, key: Uint8Array): void {
    this.#remembered.delete(subject);
    this.#remembered.set(subject, key);
    if (this.#remembered.size <= this.#limit) return;
    const oldest = this.#remembered.keys().next();
    if (!oldest.done) this.#remembered.delete(oldest.value);
  }

  /** A file made under another master key must not get keys under this one: half of them would be lost. */
  #checkMaster(): void {
    const row = this.#database.prepare('SELECT wrapped FROM master_check WHERE id = 1').get();
    if (!row) {
      const wrapped = this.#wrap.wrap(this.#rng.bytes(KEY_BYTES), CHECK_OWNER);
      this.#database.prepare('INSERT INTO master_check (id, wrapped) VALUES (1, ?)').run(wrapped);
      return;
    }
    try {
      this.#wrap.unwrap(row['wrapped'] as Uint8Array, CHECK_OWNER);
    } catch (cause) {
      throw new SubjectKeysUnavailable('The subject keys were made with another master key.', { cause });
    }
  }

  #guarded<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      throw unavailable(error);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new SubjectKeysUnavailable('The subject keys are closed.');
  }
}

function pick(keys: ReadonlyMap<SubjectId, Uint8Array>, subjects: readonly SubjectId[]): Keys {
  const picked: Keys = new Map();
  for (const subject of subjects) {
    const key = keys.get(subject);
    if (key) picked.set(subject, key);
  }
  return picked;
}

function unavailable(error: unknown): SubjectKeysUnavailable {
  if (error instanceof SubjectKeysUnavailable) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SubjectKeysUnavailable(`The subject keys cannot be used: ${reason}`, { cause: error });
}
