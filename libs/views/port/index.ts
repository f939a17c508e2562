/**
 * Views: SQL tables built by projections and read by queries. Never the truth: every table can be dropped and rebuilt
 * from the log, byte for byte.
 */
import type { Kysely } from 'kysely';
import type { Position } from '#libs/event-log/port/index.js';

export * from './page.js';
export * from './place.js';

/**
 * - `text`, `integer` (a safe JS number), `boolean` (read as 0 or 1)
 * - `minor`: an amount in minor units, written and read as `bigint`; the column's name must end in `_minor`
 */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'minor';

export interface TableDefinition {
  readonly name: string;
  readonly columns: Readonly<
    Record<string, ColumnType | { readonly type: ColumnType; readonly nullable: true }>
  >;
  readonly primaryKey: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
}

export type ViewValue = string | number | bigint | boolean | null;
export type ViewRow = Readonly<Record<string, ViewValue>>;

/**
 * Collects what one event means for the tables. Synchronous on purpose: a projection is a pure function from an event to
 * row operations, applied in order inside one transaction together with the checkpoint.
 */
export interface ViewWriter {
  /** Inserts, or replaces the row with the same primary key. */
  put(table: string, row: ViewRow): void;
  /** Sets columns of the rows that match `where`; no match is no error. */
  patch(table: string, where: ViewRow, set: ViewRow): void;
  /** Adds to numeric columns of the rows that match `where`. */
  add(table: string, where: ViewRow, deltas: Readonly<Record<string, number | bigint>>): void;
  /**
   * Adds to numeric columns of the row with this primary key; a missing row starts at zero in every numeric column, so the
   * key and the deltas together must name every column that is not nullable. For balances, whose first event nobody knows.
   */
  accumulate(table: string, key: ViewRow, deltas: Readonly<Record<string, number | bigint>>): void;
  remove(table: string, where: ViewRow): void;
}

export interface Views {
  /** For queries. The row types are declared by the read model that owns the tables. */
  database<Tables>(): Kysely<Tables>;

  /** Creates what is missing. A table whose definition changed is dropped with its owner's checkpoint, so that it is rebuilt. */
  define(owner: string, version: number, tables: readonly TableDefinition[]): Promise<void>;

  /**
   * Applies the operations and stores the owner's checkpoint in one transaction; nothing of it when `write` throws.
   * @throws ViewsUnavailable, ViewRowRefused, and whatever `write` throws
   */
  commit(owner: string, checkpoint: Position, write: (writer: ViewWriter) => void): Promise<void>;

  checkpoint(owner: string): Promise<Position | undefined>;

  /** Empties the owner's tables and forgets its checkpoint. */
  reset(owner: string): Promise<void>;

  close(): Promise<void>;
}

/** A row does not fit its table: unknown or missing column, wrong kind of value. A bug in a projection; retrying is in vain. */
export class ViewRowRefused extends Error {
  override readonly name = 'ViewRowRefused';
}

/** The store cannot be written or read now (disk full, closed, damaged); nothing of the transaction was applied. */
export class ViewsUnavailable extends Error {
  override readonly name = 'ViewsUnavailable';
}
