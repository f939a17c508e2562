import { createHash } from 'node:crypto';

/** Content-Digest of RFC 9530: `sha-256=:…:`. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
