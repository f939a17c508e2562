import { randomBytes } from 'node:crypto';
import type { Rng } from '#libs/runtime/port/index.js';

/** Random bytes of the operating system. */
export const systemRng: Rng = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
