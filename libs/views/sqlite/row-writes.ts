import type { SqlValue } from './tables.js';

/** Shapes of statements kept prepared; a projection has a few dozen. */
const KEPT_STATEMENTS = 2_000;

/** The row operations of one transaction in order: statements by number, and the values of all of them in one row. */
export interface RowWrites {
  readonly statements: readonly number[];
  readonly values: readonly SqlValue[];
}

/** Statements that have not been told before. A new generation begins at 0: what was told before is forgotten. */
export interface NewStatements {
  readonly generation: number;
  readonly first: number;
  readonly texts: readonly string[];
}

/** Numbers the statements, so that each text crosses over to where it is carried out only once. */
export class StatementNumbers {
  readonly #numbers = new Map<string, number>();
  #texts: string[] = [];
  #generation = 0;

  /** `shape` stands for the text, which is only made when it is new. */
  of(shape: string, text: () => string): number {
    const known = this.#numbers.get(shape);
    if (known !== undefined) return known;
    const number = this.#texts.push(text()) - 1;
    this.#numbers.set(shape, number);
    return number;
  }

  /** To be called between transactions, and with `all` when tables were dropped or made. */
  forget(all: boolean): void {
    if (!all && this.#texts.length < KEPT_STATEMENTS) return;
    this.#numbers.clear();
    this.#texts = [];
    this.#generation += 1;
  }

  /** What somebody does not know who was told that much. */
  since(told: NewStatements | undefined): NewStatements {
    const isSame = told?.generation === this.#generation;
    const first = isSame ? told.first + told.texts.length : 0;
    return { generation: this.#generation, first, texts: this.#texts.slice(first) };
  }
}
