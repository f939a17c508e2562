import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { first, get, remove, set, sizeOf, valuesOf, type SortedMap } from './index.js';

const key = fc.integer({ min: 0, max: 80 }).map((n) => n.toString(36));
const steps = fc.array(fc.tuple(fc.constantFrom('set', 'remove'), key), { maxLength: 300 });

/** Depth, having checked order, sizes and balance on the way. */
function depthOf(map: SortedMap<number>): number {
  if (map === null) return 0;
  expect(map.size).toBe(sizeOf(map.left) + sizeOf(map.right) + 1);
  if (map.left) expect(map.left.key < map.key).toBe(true);
  if (map.right) expect(map.right.key > map.key).toBe(true);
  const [left, right] = [sizeOf(map.left) + 1, sizeOf(map.right) + 1];
  expect(left <= 3 * right && right <= 3 * left).toBe(true);
  return 1 + Math.max(depthOf(map.left), depthOf(map.right));
}

describe('a sorted map', () => {
  it('is what a Map with sorted keys is, after any changes, and leaves earlier versions as they were', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        let map: SortedMap<number> = null;
        const model = new Map<string, number>();
        const versions: { map: SortedMap<number>; values: number[] }[] = [];
        for (const [index, [kind, at]] of changes.entries()) {
          if (kind === 'set') {
            map = set(map, at, index);
            model.set(at, index);
          } else {
            map = remove(map, at);
            model.delete(at);
          }
          if (index % 50 === 0) versions.push({ map, values: [...valuesOf(map)] });
        }
        const keys = [...model.keys()].toSorted((one, other) => (one < other ? -1 : 1));
        expect([...valuesOf(map)]).toEqual(keys.map((at) => model.get(at)));
        expect(sizeOf(map)).toBe(model.size);
        expect(first(map)?.key).toBe(keys[0]);
        for (let n = 0; n <= 80; n += 1) expect(get(map, n.toString(36))).toBe(model.get(n.toString(36)));
        depthOf(map);
        for (const version of versions) expect([...valuesOf(version.map)]).toEqual(version.values);
      }),
      { numRuns: 100 },
    );
  });

  it('stays shallow when keys come in order, and is the same map when nothing is removed', () => {
    let map: SortedMap<number> = null;
    for (let n = 0; n < 4_096; n += 1) map = set(map, n.toString().padStart(5, '0'), n);
    expect(depthOf(map)).toBeLessThanOrEqual(24);
    expect(remove(map, 'absent')).toBe(map);
    expect(set(map, '00001', 7)).not.toBe(map);
    expect(get(map, '00001')).toBe(1);
  });
});
