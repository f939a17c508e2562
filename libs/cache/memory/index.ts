import type { Clock } from '#libs/runtime/port/index.js';
import type { Cache } from '../port/index.js';

export interface MemoryCacheOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Default 100,000; past it what was set longest ago is dropped. */
  readonly maxEntries?: number;
}

interface Entry {
  value: string;
  readonly expiresAtMs: number;
}

/** The Cache port within one process. */
export function memoryCache({ clock, maxEntries = 100_000 }: MemoryCacheOptions): Cache {
  const entries = new Map<string, Entry>();

  function alive(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry && entry.expiresAtMs > clock.monotonicMs()) return entry;
    if (entry) entries.delete(key);
    return undefined;
  }

  function put(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size <= maxEntries) return;
    const oldest = entries.keys().next();
    if (!oldest.done) entries.delete(oldest.value);
  }

  return {
    get: async (key) => alive(key)?.value,
    async set(key, value, ttlMs) {
      put(key, { value, expiresAtMs: clock.monotonicMs() + ttlMs });
    },
    async delete(key) {
      entries.delete(key);
    },
    async increment(key, windowMs) {
      const entry = alive(key);
      if (!entry) {
        put(key, { value: '1', expiresAtMs: clock.monotonicMs() + windowMs });
        return 1;
      }
      const count = Number(entry.value) + 1;
      entry.value = String(count);
      return count;
    },
    async close() {
      entries.clear();
    },
  };
}
