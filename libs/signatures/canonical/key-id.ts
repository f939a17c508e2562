import { sha256Hex } from './sha256.js';

/** Name of a key that follows from the key itself: `k1-` and the first 16 hex digits of the raw public key's SHA-256. */
export function keyIdOf(rawPublicKey: Uint8Array): string {
  return `k1-${sha256Hex(rawPublicKey).slice(0, 16)}`;
}
