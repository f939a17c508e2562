import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { SignatureToVerify } from '../port/index.js';
import { rawBytes } from './raw-bytes.js';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself, RFC 8410. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const FIELD = 2n ** 255n - 19n;
const MOST_KEYS = 1_000;

/**
 * y-coordinates of the eight points of small order. Under such a key one signature fits every message: an attestor with one would
 * be anybody. Node refuses them itself only in late versions; whoever runs an earlier one is safe too.
 */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** RFC 8032 by OpenSSL on libuv's thread pool. Keys are parsed once. */
export class Ed25519 {
  /** `null`: no key that may sign. */
  readonly #keys = new RecentlyUsed<KeyObject | null>(MOST_KEYS);

  verify({ publicKey, message, sig }: SignatureToVerify): Promise<boolean> {
    const key = this.#keyOf(publicKey);
    const signature = rawBytes(sig, SIGNATURE_BYTES);
    if (!key || !signature) return Promise.resolve(false);
    return new Promise((resolve) => {
      verify(null, message, key, signature, (error, good) => resolve(!error && good));
    });
  }

  #keyOf(text: string): KeyObject | null {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const raw = rawBytes(text, KEY_BYTES);
    if (!raw) return null;
    const key = maySign(raw) ? imported(raw) : null;
    this.#keys.set(text, key);
    return key;
  }
}

/** Whether the encoding is the one of RFC 8032, 5.1.3 (y below the field's prime), and the point not of small order. */
function maySign(raw: Uint8Array): boolean {
  const bytes = Uint8Array.from(raw).reverse();
  bytes[0] = bytes[0]! & 0x7f;
  const y = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  return y < FIELD && !SMALL_ORDER.has(y);
}

function imported(raw: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
