import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cache } from '#libs/cache/port/index.js';

export interface CacheUnderTest {
  readonly cache: Cache;
  /** Lets time pass for the cache. */
  pass(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of the Cache port must do. */
export function cacheContract(name: string, open: () => Promise<CacheUnderTest>): void {
  describe(`Cache contract: ${name}`, () => {
    let under: CacheUnderTest;
    let cache: Cache;
    beforeEach(async () => {
      under = await open();
      cache = under.cache;
    });
    afterEach(() => under.close());

    it('keeps a value for its time and no longer', async () => {
      expect(await cache.get('k')).toBeUndefined();
      await cache.set('k', '值 "v"', 300);
      await cache.set('other', '', 60_000);
      expect(await cache.get('k')).toBe('值 "v"');
      await under.pass(350);
      expect(await cache.get('k')).toBeUndefined();
      expect(await cache.get('other')).toBe('');
    });

    it('replaces value and time, and deletes', async () => {
      await cache.set('k', 'a', 200);
      await cache.set('k', 'b', 60_000);
      await under.pass(250);
      expect(await cache.get('k')).toBe('b');
      await cache.delete('k');
      await cache.delete('k');
      expect(await cache.get('k')).toBeUndefined();
    });

    it('counts within a window that starts with the first call', async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, () => cache.increment('n', 400)));
      expect(counts.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      await under.pass(250);
      expect(await cache.increment('n', 400)).toBe(21);
      // Not prolonged by the calls in between.
      await under.pass(250);
      expect(await cache.increment('n', 400)).toBe(1);
      expect(await cache.increment('m', 400)).toBe(1);
    });
  });
}
