import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ViewRowRefused, type ViewRow, type ViewValue, type ViewWriter } from '../port/index.js';
import { refusalOf } from './failures.js';
import type { SqlValue, ViewTable } from './tables.js';

/** Shapes of statements kept prepared; a projection has a few dozen. */
const KEPT_STATEMENTS = 2_000;

/** Writes rows with prepared statements. Valid inside a transaction that its owner opens and ends. */
export class SqliteViewWriter implements ViewWriter {
  readonly #upserts = new Map<ViewTable, StatementSync>();
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly tables: ReadonlyMap<string, ViewTable>,
  ) {}

  #count = 0;

  /** Operations since the last call. */
  takeCount(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  /** To be called when tables were dropped or made. */
  forgetStatements(): void {
    this.#upserts.clear();
    this.#statements.clear();
  }

  put(table: string, row: ViewRow): void {
    const target = this.#table(table);
    const values = target.valuesOf(row);
    let statement = this.#upserts.get(target);
    if (!statement) {
      statement = this.database.prepare(target.upsertStatement());
      this.#upserts.set(target, statement);
    }
    this.#execute(statement, values);
  }

  patch(table: string, where: ViewRow, set: ViewRow): void {
    const target = this.#table(table);
    const columns = Object.keys(set);
    if (columns.length === 0) return;
    const values: SqlValue[] = [];
    for (const column of columns) values.push(target.valueOf(column, set[column]!));
    const conditions = this.#conditions(target, where, values);
    const statement = this.#prepared(`p ${table} ${columns.join()} ${conditions.key}`, () => {
      const assignments = columns.map((column) => `"${column}" = ?`).join(', ');
      return `UPDATE "${table}" SET ${assignments}${conditions.sql()}`;
    });
    this.#execute(statement, values);
  }

  add(table: string, where: ViewRow, deltas: Readonly<Record<string, number | bigint>>): void {
    const target = this.#table(table);
    const columns = Object.keys(deltas);
    if (columns.length === 0) return;
    const values: SqlValue[] = [];
    for (const column of columns) values.push(deltaOf(target, column, deltas[column]!));
    const conditions = this.#conditions(target, where, values);
    const statement = this.#prepared(`a ${table} ${columns.join()} ${conditions.key}`, () => {
      const assignments = columns.map((column) => `"${column}" = coalesce("${column}", 0) + ?`).join(', ');
      return `UPDATE "${table}" SET ${assignments}${conditions.sql()}`;
    });
    this.#execute(statement, values);
  }

  accumulate(table: string, key: ViewRow, deltas: Readonly<Record<string, number | bigint>>): void {
    const target = this.#table(table);
    const keyColumns = Object.keys(key);
    const columns = Object.keys(deltas);
    const values: SqlValue[] = [];
    for (const column of keyColumns) values.push(target.valueOf(column, key[column]!));
    for (const column of columns) values.push(deltaOf(target, column, deltas[column]!));
    const statement = this.#prepared(`u ${table} ${keyColumns.join()} ${columns.join()}`, () => {
      return target.accumulateStatement(keyColumns, columns);
    });
    this.#execute(statement, values);
  }

  remove(table: string, where: ViewRow): void {
    const values: SqlValue[] = [];
    const conditions = this.#conditions(this.#table(table), where, values);
    const statement = this.#prepared(
      `r ${table} ${conditions.key}`,
      () => `DELETE FROM "${table}"${conditions.sql()}`,
    );
    this.#execute(statement, values);
  }

  #execute(statement: StatementSync, values: readonly SqlValue[]): void {
    this.#count += 1;
    try {
      statement.run(...values);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #conditions(
    target: ViewTable,
    where: ViewRow,
    values: SqlValue[],
  ): { readonly key: string; sql(): string } {
    const columns = Object.keys(where);
    for (const column of columns) values.push(target.valueOf(column, where[column]!));
    return {
      key: columns.join(),
      sql: () => {
        // IS also finds NULL, and uses an index as = does.
        const parts = columns.map((column) => `"${column}" ${target.column(column).nullable ? 'IS' : '='} ?`);
        return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
      },
    };
  }

  #table(name: string): ViewTable {
    const table = this.tables.get(name);
    if (!table) throw new ViewRowRefused(`No table ${name} was defined.`);
    return table;
  }

  #prepared(shape: string, sql: () => string): StatementSync {
    let statement = this.#statements.get(shape);
    if (!statement) {
      statement = this.database.prepare(sql());
      if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
      this.#statements.set(shape, statement);
    }
    return statement;
  }
}

/** As bigint, so that SQLite adds integers and not floating point numbers. */
function deltaOf(target: ViewTable, name: string, delta: ViewValue): bigint {
  const { type } = target.column(name);
  if (type === 'minor' && typeof delta === 'bigint') return delta;
  if (type === 'integer' && Number.isSafeInteger(delta)) return BigInt(delta as number);
  throw new ViewRowRefused(`${target.name}.${name} is ${type}; a ${typeof delta} cannot be added.`);
}
