import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/index.js';
import { HashTable, textHash } from './hash-table.js';

const ids = Array.from({ length: 50_001 }, (_, number) => deriveUuid(UUID_NAMESPACES.entity, String(number)));
const idOf = (number: number) => ids[number]!;

describe('hash table', () => {
  it('behaves as a map that never overwrites', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 0xffffffff })), { maxLength: 400 }),
        (puts) => {
          const table = new HashTable();
          const map = new Map<string, number>();
          for (const [key, value] of puts) {
            const id = idOf(key);
            expect(table.putIfAbsent(id, value)).toBe(map.get(id));
            if (!map.has(id)) map.set(id, value);
          }
          expect(table.size).toBe(map.size);
          for (let key = 0; key <= 200; key += 1) expect(table.get(idOf(key))).toBe(map.get(idOf(key)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps fifty thousand ids apart', () => {
    const table = new HashTable();
    for (let key = 1; key <= 50_000; key += 1) expect(table.putIfAbsent(idOf(key), key)).toBeUndefined();
    for (let key = 1; key <= 50_000; key += 1000) expect(table.get(idOf(key))).toBe(key);
    expect(table.get(idOf(0))).toBeUndefined();
  });

  it('hashes text to a number that marks no empty slot', () => {
    fc.assert(fc.property(fc.string(), (text) => textHash(text) > 0 && textHash(text) <= 0xffffffff));
    expect(textHash('学生0001')).not.toBe(textHash('学生0002'));
  });
});
