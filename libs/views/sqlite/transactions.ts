import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { refusalOf, resultCodeOf, unavailable } from './failures.js';
import type { NewStatements, RowWrites } from './row-writes.js';

/** One transaction: rows, and how far their owner is with them. */
export interface ViewCommit {
  readonly owner: string;
  readonly checkpoint: string;
  readonly news: NewStatements;
  readonly writes: RowWrites;
}

/** Carries out transactions on one connection, wherever that is. */
export class Transactions {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #setCheckpoint: StatementSync;
  #generation = -1;
  #texts: string[] = [];
  #prepared: StatementSync[] = [];
  #parameters: number[] = [];

  constructor(private readonly database: DatabaseSync) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#setCheckpoint = database.prepare(
      'INSERT INTO _owners (owner, checkpoint) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET checkpoint = excluded.checkpoint',
    );
  }

  /** @throws ViewRowRefused, ViewsUnavailable; nothing is written then */
  commit({ owner, checkpoint, news, writes }: ViewCommit): void {
    this.learn(news);
    this.run(() => {
      this.#write(writes);
      this.#setCheckpoint.run(owner, checkpoint);
    });
  }

  learn({ generation, texts }: NewStatements): void {
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#texts = [];
      this.#prepared = [];
      this.#parameters = [];
    }
    this.#texts.push(...texts);
  }

  /** Any work as one transaction. @throws ViewsUnavailable, and what the work throws */
  run(work: () => void): void {
    try {
      this.#begin.run();
    } catch (error) {
      throw unavailable(error);
    }
    try {
      work();
      this.#commit.run();
    } catch (error) {
      // A full disk ends the transaction by itself; then there is nothing left to roll back.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw resultCodeOf(error) === undefined ? error : unavailable(error);
    }
  }

  #write({ statements, values }: RowWrites): void {
    let at = 0;
    for (const number of statements) {
      const statement = (this.#prepared[number] ??= this.#prepare(number));
      const end = at + this.#parameters[number]!;
      try {
        statement.run(...values.slice(at, end));
      } catch (error) {
        throw refusalOf(error);
      }
      at = end;
    }
  }

  #prepare(number: number): StatementSync {
    const text = this.#texts[number]!;
    // Names of tables and columns hold no question mark.
    this.#parameters[number] = text.split('?').length - 1;
    return this.database.prepare(text);
  }
}
