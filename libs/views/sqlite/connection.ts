import { DatabaseSync } from 'node:sqlite';

/** A connection that writes. @throws Error of node:sqlite */
export function openForWriting(file: string, cacheKib: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${cacheKib};
    PRAGMA wal_autocheckpoint = 50000;
    PRAGMA journal_size_limit = 67108864`);
  return database;
}
