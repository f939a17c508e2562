import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** iv, ciphertext, tag. The file's id is authenticated with it, so that no file can stand in for another. */
export function seal(id: string, text: string, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, createSecretKey(key), iv);
  cipher.setAAD(Buffer.from(id));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when the bytes are not what was sealed */
export function unseal(id: string, bytes: Buffer, key: Uint8Array): string {
  const decipher = createDecipheriv(ALGORITHM, createSecretKey(key), bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(id));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return (
    decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES), undefined, 'utf8') +
    decipher.final('utf8')
  );
}

export { IV_BYTES };
