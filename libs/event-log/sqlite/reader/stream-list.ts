import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StreamListRequest } from '../engine-api.js';
import type { ReadAnswer } from '../protocol.js';

/** Streams in the order of their first append. */
export class StreamList {
  private readonly first: StatementSync;
  private readonly last: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql, { returnArrays: true });
    this.first = prepare('SELECT key, name FROM streams WHERE key > ? ORDER BY key LIMIT ?');
    this.last = prepare('SELECT key, name FROM streams WHERE key < ? ORDER BY key DESC LIMIT ?');
  }

  page(request: StreamListRequest): ReadAnswer {
    const isFirst = request.order === 'first';
    const after = request.after ?? (isFirst ? 0 : Number.MAX_SAFE_INTEGER);
    const rows = (isFirst ? this.first : this.last).all(after, request.limit) as unknown as readonly [
      number,
      string,
    ][];
    return { kind: 'streams', entries: rows.map(([cursor, stream]) => ({ stream, cursor })) };
  }
}
