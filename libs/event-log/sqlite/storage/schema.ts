/**
 * The data file. Positions are rowids from 1 without a gap, streams and types have integer keys in order of their first
 * use: a new event of a new stream goes to the right edge of every tree but the one of stream names.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { LogFileUnusable, SQLITE_CORRUPT, SQLITE_NOTADB, sqliteCodeOf } from '../failure.js';

/** "Slui" in ASCII, in the header of the file. */
export const APPLICATION_ID = 0x536c7569;
export const FORMAT_VERSION = 1;
/** Bytes. Measured: 8 KiB pages made appends 10 to 15 % slower, since each group rewrites the last pages whole. */
const PAGE_BYTES = 4096;
const CACHE_KIB = 65_536;

const TABLES = `
  CREATE TABLE streams (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    crc INTEGER NOT NULL,
    metadata INTEGER
  ) STRICT;
  CREATE TABLE types (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE TABLE closing (id INTEGER PRIMARY KEY CHECK (id = 1), last_position INTEGER) STRICT;
  INSERT INTO closing VALUES (1, NULL);
`;

/** @throws LogFileUnusable, LogDamaged */
export function openForWriting(file: string, maxPageCount: number | undefined): DatabaseSync {
  const isNew = !existsSync(file) || statSync(file).size === 0;
  if (!isNew) refuseTruncated(file);
  const database = openOrExplain(file);
  try {
    if (isNew) database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA application_id = ${APPLICATION_ID}`);
    else refuseForeign(database, file);
    // FULL makes every commit wait for the disk; nothing is acknowledged before.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA temp_store = MEMORY`);
    if (maxPageCount !== undefined) database.exec(`PRAGMA max_page_count = ${maxPageCount}`);
    if (numberOf(database, 'PRAGMA user_version') === 0) {
      database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${FORMAT_VERSION}; COMMIT`);
    }
    return database;
  } catch (error) {
    database.close();
    throw explain(error, file);
  }
}

/** The second connection: reads, and moves pages from the WAL into the file. It needs write access for the latter only. */
export function openForReading(file: string): DatabaseSync {
  const database = openOrExplain(file);
  database.exec(`PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL`);
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA temp_store = MEMORY`);
  return database;
}

export function numberOf(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql, { returnArrays: true }).get() as unknown as
    readonly unknown[] | undefined;
  return Number(row?.[0] ?? 0);
}

function openOrExplain(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 5_000 });
  } catch (error) {
    throw explain(error, file);
  }
}

function refuseForeign(database: DatabaseSync, file: string): void {
  const application = numberOf(database, 'PRAGMA application_id');
  const version = numberOf(database, 'PRAGMA user_version');
  if (application !== APPLICATION_ID) {
    throw new LogFileUnusable(
      `${file} is a SQLite database, but not a Sluice event log; it is left untouched.`,
    );
  }
  if (version > FORMAT_VERSION) {
    throw new LogFileUnusable(
      `${file} has format ${version}, this program knows formats up to ${FORMAT_VERSION}; use a newer program.`,
    );
  }
}

/** A file cut short still opens: SQLite notices only when it meets a missing page. */
export function refuseTruncated(file: string): void {
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) return; // the WAL may hold the missing pages
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(100);
    readSync(descriptor, header, 0, 100, 0);
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const expectedBytes = header.readUInt32BE(28) * pageBytes;
    const actualBytes = fstatSync(descriptor).size;
    if (header.toString('latin1', 0, 15) === 'SQLite format 3' && actualBytes < expectedBytes) {
      throw new LogDamaged(`file ${file}`, `it has ${actualBytes} of ${expectedBytes} bytes`);
    }
  } finally {
    closeSync(descriptor);
  }
}

function explain(error: unknown, file: string): unknown {
  const code = sqliteCodeOf(error);
  if (code === SQLITE_NOTADB)
    return new LogFileUnusable(`${file} is not an event log; it is left untouched.`);
  if (code === SQLITE_CORRUPT) return new LogDamaged(`file ${file}`, (error as Error).message);
  if (code !== undefined) return new LogFileUnusable(`${file} cannot be opened: ${(error as Error).message}`);
  return error;
}
