import { describe, expect, it } from '@jest/globals';
import { RecentlyUsed } from './index.js';

describe('RecentlyUsed', () => {
  it('drops what was not used for longest', () => {
    const cache = new RecentlyUsed<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('counts sizes, replaces, and refuses what is larger than itself', () => {
    const cache = new RecentlyUsed<string>(10);
    cache.set('a', 'x', 6);
    cache.set('a', 'y', 4);
    cache.set('b', 'z', 6);
    expect([cache.get('a'), cache.get('b'), cache.count]).toEqual(['y', 'z', 2]);
    cache.set('huge', '!', 11);
    expect([cache.get('huge'), cache.count]).toEqual([undefined, 2]);
    cache.delete('a');
    cache.set('c', 'w', 4);
    expect([cache.get('b'), cache.get('c')]).toEqual(['z', 'w']);
  });
});
