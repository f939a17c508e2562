import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { GenerationCache } from '../generation-cache.js';
import { rowChecksum, verifyRow } from '../row-checksum.js';

const CACHED_TYPES = 10_000;

/** Event types as integers, so that scanning for types does not touch texts. */
export class TypeKeys {
  private readonly cache = new GenerationCache<string, number>(CACHED_TYPES);
  private readonly byName: StatementSync;
  private readonly insert: StatementSync;
  private nextKey: number;

  constructor(database: DatabaseSync, lastKey: number) {
    this.nextKey = lastKey + 1;
    this.byName = database.prepare('SELECT key, crc FROM types WHERE name = ?', { returnArrays: true });
    this.insert = database.prepare('INSERT INTO types (key, name, crc) VALUES (?, ?, ?)');
  }

  keyOf(name: string): number {
    const cached = this.cache.get(name);
    if (cached !== undefined) return cached;
    const row = this.byName.get(name) as unknown as readonly [number, number] | undefined;
    if (row) verifyRow('types', { key: row[0], name, metadata: null }, row[1]);
    const key = row ? row[0] : this.nextKey;
    if (!row) {
      this.nextKey += 1;
      this.insert.run(key, name, rowChecksum({ key, name, metadata: null }));
    }
    this.cache.set(name, key);
    return key;
  }
}
