import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Rng } from '#libs/runtime/port/index.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keys under the master key: AES-256-GCM, 12 bytes iv, ciphertext, 16 bytes tag; bound to whose key it is. */
export class KeyWrap {
  readonly #master: KeyObject;

  constructor(
    masterKey: Uint8Array,
    private readonly rng: Rng,
  ) {
    this.#master = createSecretKey(masterKey);
  }

  wrap(key: Uint8Array, owner: string): Uint8Array {
    const iv = this.rng.bytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#master, iv);
    cipher.setAAD(Buffer.from(owner, 'utf8'));
    return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error when it was wrapped by another master key, for another owner, or changed */
  unwrap(wrapped: Uint8Array, owner: string): Uint8Array {
    const end = wrapped.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, this.#master, wrapped.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner, 'utf8'));
    decipher.setAuthTag(wrapped.subarray(end));
    return new Uint8Array(
      Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, end)), decipher.final()]),
    );
  }
}
