import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Clock, Ids, Rng } from '#libs/runtime/port/index.js';

const ID_BYTES = 16;
/** Random bytes fetched at once, in ids: a call into the operating system per id would cost more than the id. */
const POOL_IDS = 256;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** `rand_a` of RFC 9562 has 12 bits. */
const LARGEST_SEQUENCE = 0xfff;

/**
 * UUIDs version 7 (RFC 9562). Within a process they only grow, even when the clock stands still or jumps back: the 12 bits
 * after the time are a sequence (method 1 of section 6.2), and the time never goes back.
 */
export function uuidV7Ids(clock: Clock, rng: Rng): Ids {
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  let lastMs = -1;
  let clockMs = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let sequence = 0;

  function takeRandom(): Uint8Array {
    if (used === pool.length) {
      pool = rng.bytes(POOL_IDS * ID_BYTES);
      used = 0;
    }
    used += ID_BYTES;
    return pool.subarray(used - ID_BYTES, used);
  }

  /** The clock speaks text; asking it once per millisecond is as exact as an id can be. */
  function nowMsOfClock(): number {
    const monotonicMs = clock.monotonicMs();
    if (monotonicMs - readAtMs >= 1) {
      readAtMs = monotonicMs;
      clockMs = epochMsOf(clock.now());
    }
    return clockMs;
  }

  function stamp(bytes: Uint8Array): void {
    const nowMs = nowMsOfClock();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // Starts in the lower half, so that thousands of ids fit into one millisecond.
      sequence = ((bytes[6]! << 8) | bytes[7]!) & (LARGEST_SEQUENCE >> 1);
    } else if (sequence < LARGEST_SEQUENCE) {
      sequence += 1;
    } else {
      lastMs += 1;
      sequence = 0;
    }
  }

  return {
    next() {
      const random = takeRandom();
      stamp(random);
      const high = Math.floor(lastMs / 0x1_0000);
      const timeHex = high.toString(16).padStart(8, '0');
      const lowHex = (lastMs % 0x1_0000).toString(16).padStart(4, '0');
      const variant = HEX[(random[8]! & 0x3f) | 0x80]!;
      let tail = '';
      for (let i = 10; i < ID_BYTES; i += 1) tail += HEX[random[i]!]!;
      return `${timeHex}-${lowHex}-7${sequence.toString(16).padStart(3, '0')}-${variant}${HEX[random[9]!]!}-${tail}`;
    },
  };
}
