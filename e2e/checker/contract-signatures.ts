import { createPublicKey, verify } from 'node:crypto';
import type { AttestorTerms } from './contract-terms.js';
import { isRecord, type JsonRecord, recordsOf, textOf } from './export.js';

/** DER in front of a raw Ed25519 key (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** How many different keys of the attestor have signed the statement; -1 where one of them has not. */
export function keysThatSigned(statement: JsonRecord, signatures: unknown, { keys }: AttestorTerms): number {
  const signed = new Set<string>();
  const message = Buffer.from(canonical(statement), 'utf8');
  for (const one of recordsOf(signatures)) {
    const keyId = textOf(one['keyId']);
    const key = keys.get(keyId);
    if (!key || key.alg !== one['alg']) return -1;
    // SM2 is beyond what Node verifies by itself: the key counts, its signature is the product's word.
    if (key.alg === 'Ed25519' && !signs(key.publicKey, message, textOf(one['sig']))) return -1;
    signed.add(keyId);
  }
  return signed.size;
}

function signs(publicKey: string, message: Buffer, signature: string): boolean {
  const der = Buffer.concat([ED25519_SPKI, Buffer.from(publicKey, 'base64url')]);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, message, key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/** RFC 8785: names sorted by their UTF-16 units, everything else as JSON.stringify writes it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}
