import { describe, expect, it } from '@jest/globals';
import { cacheContract } from '#libs/testing/contracts/cache.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { memoryCache } from './index.js';

cacheContract('memory', async () => {
  const runtime = manualRuntime();
  const cache = memoryCache({ clock: runtime.clock });
  return { cache, pass: (durationMs) => runtime.advance(durationMs), close: () => cache.close() };
});

describe('memoryCache', () => {
  it('is bounded', async () => {
    const cache = memoryCache({ clock: manualRuntime().clock, maxEntries: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) await cache.set(key, key, 1_000);
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)));
    expect(kept).toEqual(['a', undefined, 'c', 'd']);
  });
});
