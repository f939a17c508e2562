/** A lesson terminal's key, for specs: the same seed is the same key. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { statementBytes } from '#libs/contracts/application/hashes.js';
import type {
  AttestorKey,
  CheckedSignature,
  EvidenceStatement,
  SignedEvidence,
} from '#libs/contracts/contract/release-contracts.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';

export interface TerminalKey {
  readonly key: AttestorKey;
  /** base64url */
  signBytes(bytes: Uint8Array): string;
  sign(statement: EvidenceStatement): CheckedSignature;
  signed(statement: EvidenceStatement): SignedEvidence;
}

/** DER of an Ed25519 private key (RFC 8410) but for its last 32 bytes, the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const RAW_BYTES = 32;

export function terminalKey(seed = 1): TerminalKey {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.alloc(RAW_BYTES, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const raw = spki.subarray(-RAW_BYTES);
  const keyId = keyIdOf(raw);
  const own: TerminalKey = {
    key: { keyId, alg: 'Ed25519', publicKey: raw.toString('base64url') },
    signBytes: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
    sign: (statement) => ({ keyId, alg: 'Ed25519', sig: own.signBytes(statementBytes(statement)) }),
    signed: (statement) => ({ statement, signatures: [own.sign(statement)] }),
  };
  return own;
}
