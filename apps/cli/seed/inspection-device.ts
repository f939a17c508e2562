import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { AttestorKey } from '#libs/contracts/contract/release-contracts.js';
import { canonicalJson, keyIdOf } from '#libs/signatures/canonical/index.js';

/** DER of an Ed25519 private key (RFC 8410) but for its last 32 bytes, the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const RAW_BYTES = 32;

/** A device of the lessor's own, outside the platform. Its key is public knowledge, as everything of the demo; it signs for the demo alone. */
export function inspectionDevice(): { readonly key: AttestorKey; sign(statement: object): string } {
  const seed = createHash('sha256').update('sluice demo inspection device').digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-RAW_BYTES);
  return {
    key: { keyId: keyIdOf(raw), alg: 'Ed25519', publicKey: raw.toString('base64url') },
    sign: (statement) => sign(null, Buffer.from(canonicalJson(statement)), privateKey).toString('base64url'),
  };
}
