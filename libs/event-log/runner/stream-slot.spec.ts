import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { till } from '#libs/testing/till.js';
import { CommandIndex, freshSlot, SlotCache, type AnyAggregate } from './stream-slot.js';

describe('CommandIndex', () => {
  it('finds the same on long streams as on short ones', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 1_000 }), (counts, firstRevision) => {
        const index = new CommandIndex();
        let revision = firstRevision;
        const places = counts.map((count, command) => {
          const place = { revision, count };
          for (let event = 0; event < count; event += 1) index.push(revision + event, `c${command}`);
          revision += count;
          return place;
        });
        expect(places.map((_, command) => index.find(`c${command}`))).toEqual(places);
        expect(index.find('other')).toBeUndefined();
      }),
    );
  });
});

describe('SlotCache', () => {
  const slot = (id: string) => freshSlot(till as unknown as AnyAggregate, `till-${id}`);

  it('never holds more than its limit, and keeps what was used last', () => {
    const cache = new SlotCache(4);
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    for (const id of ids) {
      cache.put(slot(id));
      expect(cache.size).toBeLessThanOrEqual(4);
      expect(cache.get(`till-${id}`)).toBeDefined();
    }
    expect(cache.get('till-49')).toBeDefined();
    expect(cache.get('till-48')).toBeDefined();
    expect(cache.get('till-45')).toBeUndefined();
  });

  it('forgets one, and all', () => {
    const cache = new SlotCache(4);
    for (const id of ['a', 'b', 'c']) cache.put(slot(id));
    cache.delete('till-a');
    expect([cache.get('till-a'), cache.size]).toEqual([undefined, 2]);
    cache.clear();
    expect(cache.size).toBe(0);
  });
});
