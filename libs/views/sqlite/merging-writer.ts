import type { ViewRow, ViewValue, ViewWriter } from '../port/index.js';
import type { ViewTable } from './tables.js';

type Deltas = Readonly<Record<string, number | bigint>>;

/** What is still to be done to one row. */
type Pending =
  | { readonly kind: 'put'; readonly row: ViewRow }
  | { readonly kind: 'patch'; readonly where: ViewRow; readonly set: ViewRow }
  | { readonly kind: 'accumulate'; readonly where: ViewRow; readonly deltas: Deltas }
  | { readonly kind: 'remove'; readonly where: ViewRow };

type Key = string | number;

/**
 * Merges what one transaction does to the same row, and writes each row once at its end. Most events of a batch concern
 * rows that other events of it concern too: a payment's row is put, patched and, in the list of open ones, removed within
 * milliseconds, and all payments of a batch add to the same account. The tables end up as if everything had been written
 * in order; what cannot be merged safely is written in order. Used for one transaction, then thrown away.
 */
export class MergingWriter implements ViewWriter {
  readonly #pending = new Map<string, Map<Key, Pending>>();

  constructor(
    private readonly writer: ViewWriter,
    private readonly tables: ReadonlyMap<string, ViewTable>,
  ) {}

  /** Writes what is pending. */
  flush(): void {
    for (const [table, rows] of this.#pending)
      for (const pending of rows.values()) this.#write(table, pending);
    this.#pending.clear();
  }

  put(table: string, row: ViewRow): void {
    const key = this.#keyOf(table, row, false);
    if (key === undefined) this.#inOrder(table).put(table, row);
    // Whatever was to be done to the row before, all of its columns are set now.
    else this.#rows(table).set(key, { kind: 'put', row });
  }

  patch(table: string, where: ViewRow, set: ViewRow): void {
    const key = this.#touchesKey(table, set) ? undefined : this.#keyOf(table, where, true);
    if (key === undefined) return this.#inOrder(table).patch(table, where, set);
    const rows = this.#rows(table);
    const before = rows.get(key);
    switch (before?.kind) {
      case 'put':
        rows.set(key, { kind: 'put', row: { ...before.row, ...set } });
        return;
      case 'patch':
        rows.set(key, { kind: 'patch', where, set: { ...before.set, ...set } });
        return;
      case 'remove':
        return;
      case 'accumulate':
        this.#write(table, before);
        break;
      case undefined:
        break;
    }
    rows.set(key, { kind: 'patch', where, set });
  }

  add(table: string, where: ViewRow, deltas: Deltas): void {
    const key = this.#touchesKey(table, deltas) ? undefined : this.#keyOf(table, where, true);
    const before = key === undefined ? undefined : this.#rows(table).get(key);
    if (before?.kind === 'remove') return;
    const row = before?.kind === 'put' ? summed(before.row, deltas) : undefined;
    if (key !== undefined && row) this.#rows(table).set(key, { kind: 'put', row });
    else this.#inOrder(table, key).add(table, where, deltas);
  }

  accumulate(table: string, where: ViewRow, deltas: Deltas): void {
    const key = this.#touchesKey(table, deltas) ? undefined : this.#keyOf(table, where, true);
    if (key === undefined) return this.#inOrder(table).accumulate(table, where, deltas);
    const rows = this.#rows(table);
    const before = rows.get(key);
    if (before?.kind === 'put') {
      const row = summed(before.row, deltas);
      if (row) return void rows.set(key, { kind: 'put', row });
    }
    if (before?.kind === 'accumulate' && sameColumns(before.deltas, deltas)) {
      const merged = summed(before.deltas, deltas);
      if (merged) return void rows.set(key, { kind: 'accumulate', where, deltas: merged as Deltas });
    }
    if (before) this.#write(table, before);
    rows.set(key, { kind: 'accumulate', where, deltas });
  }

  remove(table: string, where: ViewRow): void {
    const exact = this.#keyOf(table, where, true);
    if (exact !== undefined) return void this.#rows(table).set(exact, { kind: 'remove', where });
    const key = this.#keyOf(table, where, false);
    const before = key === undefined ? undefined : this.#rows(table).get(key);
    const fits = before?.kind === 'put' ? isLike(before.row, where) : undefined;
    if (before?.kind === 'remove' || fits === false) return;
    if (key !== undefined && fits) {
      const primary = this.tables.get(table)!.definition.primaryKey;
      const row = Object.fromEntries(primary.map((column) => [column, where[column]!]));
      this.#rows(table).set(key, { kind: 'remove', where: row });
    } else {
      this.#inOrder(table, key).remove(table, where);
    }
  }

  /** The plain writer, once what is pending for the row (or for the whole table) is written. */
  #inOrder(table: string, key?: Key): ViewWriter {
    const rows = this.#pending.get(table);
    if (!rows) return this.writer;
    if (key === undefined) {
      this.#pending.delete(table);
      for (const pending of rows.values()) this.#write(table, pending);
    } else {
      const pending = rows.get(key);
      rows.delete(key);
      if (pending) this.#write(table, pending);
    }
    return this.writer;
  }

  #write(table: string, pending: Pending): void {
    switch (pending.kind) {
      case 'put':
        return this.writer.put(table, pending.row);
      case 'patch':
        return this.writer.patch(table, pending.where, pending.set);
      case 'accumulate':
        return this.writer.accumulate(table, pending.where, pending.deltas);
      case 'remove':
        return this.writer.remove(table, pending.where);
    }
  }

  #rows(table: string): Map<Key, Pending> {
    let rows = this.#pending.get(table);
    if (!rows) this.#pending.set(table, (rows = new Map()));
    return rows;
  }

  /** The primary key within `columns`; with `exact`, only when they name nothing else. `undefined`: it is not named. */
  #keyOf(table: string, columns: ViewRow, exact: boolean): Key | undefined {
    const primary = this.tables.get(table)?.definition.primaryKey;
    if (!primary || (exact && Object.keys(columns).length !== primary.length)) return undefined;
    if (primary.length === 1) return keyPart(columns[primary[0]!]);
    let key = '';
    for (const column of primary) {
      const part = keyPart(columns[column]);
      if (part === undefined) return undefined;
      key += `${String(part).length}:${part}`;
    }
    return key;
  }

  #touchesKey(table: string, columns: object): boolean {
    return this.tables.get(table)?.definition.primaryKey.some((column) => column in columns) ?? true;
  }
}

/** Within one column all keys are of one type, so that a number and its text cannot be mixed up. */
function keyPart(value: ViewValue | undefined): Key | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** `undefined` where SQLite had better do the sum: other types, or beyond safe numbers. */
function summed(row: ViewRow, deltas: Deltas): ViewRow | undefined {
  const sums: Record<string, ViewValue> = { ...row };
  for (const [column, delta] of Object.entries(deltas)) {
    const value = sums[column];
    if (typeof value === 'bigint' && typeof delta === 'bigint') sums[column] = value + delta;
    else if (typeof value === 'number' && typeof delta === 'number') {
      sums[column] = value + delta;
      if (
        !Number.isSafeInteger(value) ||
        !Number.isSafeInteger(delta) ||
        !Number.isSafeInteger(value + delta)
      )
        return undefined;
    } else return undefined;
  }
  return sums;
}

function sameColumns(a: Deltas, b: Deltas): boolean {
  return Object.keys(a).join() === Object.keys(b).join();
}

/** Whether the row has these values; `undefined` where SQLite had better compare: booleans, which it stores as numbers. */
function isLike(row: ViewRow, where: ViewRow): boolean | undefined {
  for (const [column, value] of Object.entries(where)) {
    const own = row[column] ?? null;
    if (typeof own === 'boolean' || typeof value === 'boolean') return undefined;
    if (own !== value) return false;
  }
  return true;
}
