import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { Rng } from '#libs/runtime/port/index.js';
import { SubjectKeysUnavailable, type SubjectKeys } from '#libs/security/port/index.js';

const KEY_BYTES = 32;

/** The SubjectKeys port in memory, for specs. */
export function memorySubjectKeys(rng: Rng): SubjectKeys {
  const keys = new Map<SubjectId, Uint8Array | 'destroyed'>();
  let closed = false;

  function collect(subjects: readonly SubjectId[], make: boolean): ReadonlyMap<SubjectId, Uint8Array> {
    if (closed) throw new SubjectKeysUnavailable('The subject keys are closed.');
    const found = new Map<SubjectId, Uint8Array>();
    for (const subject of subjects) {
      if (make && !keys.has(subject)) keys.set(subject, rng.bytes(KEY_BYTES));
      const key = keys.get(subject);
      if (key && key !== 'destroyed') found.set(subject, key);
    }
    return found;
  }

  return {
    obtain: async (subjects) => collect(subjects, true),
    find: async (subjects) => collect(subjects, false),
    async destroy(subject) {
      if (closed) throw new SubjectKeysUnavailable('The subject keys are closed.');
      keys.set(subject, 'destroyed');
    },
    async close() {
      closed = true;
    },
  };
}
