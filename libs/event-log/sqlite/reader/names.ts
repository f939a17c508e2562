import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { GenerationCache } from '../generation-cache.js';
import { verifyRow } from '../row-checksum.js';

const CACHED_NAMES = 50_000;

/** Texts of stream and type keys, remembered: a page over all streams needs one per event. */
export class Names {
  private readonly cache = new GenerationCache<number, string>(CACHED_NAMES);
  private readonly byKey: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly table: 'streams' | 'types',
  ) {
    this.byKey = database.prepare(
      `SELECT name, crc, ${table === 'streams' ? 'metadata' : 'NULL'} FROM ${table} WHERE key = ?`,
      { returnArrays: true },
    );
  }

  /** @throws LogDamaged */
  of(key: number): string {
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const row = this.byKey.get(key) as unknown as readonly [string, number, number | null] | undefined;
    if (!row) throw new LogDamaged(`key ${key} of ${this.table}`, 'the name is missing');
    verifyRow(this.table, { key, name: row[0], metadata: row[2] }, row[1]);
    this.cache.set(key, row[0]);
    return row[0];
  }
}
