import { ViewRowRefused, type ViewRow, type ViewValue, type ViewWriter } from '../port/index.js';
import type { RowWrites, StatementNumbers } from './row-writes.js';
import type { SqlValue, ViewTable } from './tables.js';

/** Turns row operations into statements with values, checked against the tables. */
export class SqliteViewWriter implements ViewWriter {
  #statements: number[] = [];
  #values: SqlValue[] = [];

  constructor(
    private readonly numbers: StatementNumbers,
    private readonly tables: ReadonlyMap<string, ViewTable>,
  ) {}

  /** What was written since the last call. */
  take(): RowWrites {
    const taken = { statements: this.#statements, values: this.#values };
    this.#statements = [];
    this.#values = [];
    return taken;
  }

  put(table: string, row: ViewRow): void {
    const target = this.#table(table);
    const values = target.valuesOf(row);
    this.#execute(
      this.numbers.of(`i ${table}`, () => target.upsertStatement()),
      values,
    );
  }

  patch(table: string, where: ViewRow, set: ViewRow): void {
    const target = this.#table(table);
    const columns = Object.keys(set);
    if (columns.length === 0) return;
    const values: SqlValue[] = [];
    for (const column of columns) values.push(target.valueOf(column, set[column]!));
    const conditions = this.#conditions(target, where, values);
    const statement = this.numbers.of(`p ${table} ${columns.join()} ${conditions.key}`, () => {
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
    const statement = this.numbers.of(`a ${table} ${columns.join()} ${conditions.key}`, () => {
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
    const statement = this.numbers.of(`u ${table} ${keyColumns.join()} ${columns.join()}`, () => {
      return target.accumulateStatement(keyColumns, columns);
    });
    this.#execute(statement, values);
  }

  remove(table: string, where: ViewRow): void {
    const values: SqlValue[] = [];
    const conditions = this.#conditions(this.#table(table), where, values);
    const statement = this.numbers.of(
      `r ${table} ${conditions.key}`,
      () => `DELETE FROM "${table}"${conditions.sql()}`,
    );
    this.#execute(statement, values);
  }

  #execute(statement: number, values: readonly SqlValue[]): void {
    this.#statements.push(statement);
    for (const value of values) this.#values.push(value);
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
}

/** As bigint, so that SQLite adds integers and not floating point numbers. */
function deltaOf(target: ViewTable, name: string, delta: ViewValue): bigint {
  const { type } = target.column(name);
  if (type === 'minor' && typeof delta === 'bigint') return delta;
  if (type === 'integer' && Number.isSafeInteger(delta)) return BigInt(delta as number);
  throw new ViewRowRefused(`${target.name}.${name} is ${type}; a ${typeof delta} cannot be added.`);
}
