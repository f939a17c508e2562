import { DatabaseSync } from 'node:sqlite';
import { LogFileUnusable, SQLITE_BUSY, sqliteCodeOf } from '../failure.js';

/**
 * One process per data file. The lock is a write lock SQLite holds on a file beside it: the operating system drops it
 * with the process, however that ends, so there is no stale lock to clear away. The owner's pid is readable meanwhile.
 *
 * @throws LogFileUnusable when another process has it
 */
export function lockDataFile(file: string, pid: number): { release(): void } {
  const lock = openLock(file);
  try {
    lock.exec('PRAGMA synchronous = OFF; BEGIN IMMEDIATE');
    lock.exec(
      'CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL)',
    );
    lock.prepare('INSERT OR REPLACE INTO owner VALUES (1, ?)').run(pid);
    lock.exec('COMMIT; BEGIN IMMEDIATE');
    return { release: () => lock.close() };
  } catch (error) {
    const owner = sqliteCodeOf(error) === SQLITE_BUSY ? ownerOf(lock) : undefined;
    lock.close();
    if (owner === undefined) throw error;
    throw new LogFileUnusable(
      `${file} is in use by process ${owner}. One process owns a data file; to share the log start the event node on it.`,
    );
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(`${file}.lock`, { timeout: 0 });
  } catch (error) {
    throw new LogFileUnusable(
      `${file} cannot be opened: ${(error as Error).message}. Does its folder exist, writable?`,
    );
  }
}

function ownerOf(lock: DatabaseSync): string {
  try {
    return String(lock.prepare('SELECT pid FROM owner').get()?.['pid'] ?? 'unknown');
  } catch {
    return 'unknown';
  }
}
