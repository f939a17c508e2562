/** An SM2 key that signs as GB/T 32918.2 says, with the default user id; for specs only: its nonces are not random. */
import { createECDH, createHash } from 'node:crypto';
import { statementBytes } from '#libs/contracts/application/hashes.js';
import type {
  AttestorKey,
  EvidenceStatement,
  SignedEvidence,
} from '#libs/contracts/contract/release-contracts.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';

/** GB/T 32918.5: a, b and the base point, then the order of the curve. */
const CURVE =
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
  '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0';
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const USER_ID = Buffer.from('1234567812345678');

export function sm2Key(secret: bigint): {
  readonly key: AttestorKey;
  signed(statement: EvidenceStatement): SignedEvidence;
} {
  const raw = timesBase(secret);
  const keyId = keyIdOf(raw);
  const entitled = Buffer.from([0, USER_ID.length * 8]);
  const z = sm3(entitled, USER_ID, Buffer.from(CURVE, 'hex'), raw.subarray(1));
  return {
    key: { keyId, alg: 'SM2', publicKey: raw.toString('base64url') },
    signed(statement) {
      const digest = numberOf(sm3(z, statementBytes(statement)));
      const nonce = numberOf(sm3(bytesOf(secret), bytesOf(digest))) % ORDER;
      const r = (digest + numberOf(timesBase(nonce).subarray(1, 33))) % ORDER;
      const s = positive(inverse(1n + secret) * (nonce - r * secret));
      const sig = Buffer.concat([bytesOf(r), bytesOf(s)]).toString('base64url');
      return { statement, signatures: [{ keyId, alg: 'SM2', sig }] };
    },
  };
}

function timesBase(scalar: bigint): Buffer {
  const ecdh = createECDH('SM2');
  ecdh.setPrivateKey(bytesOf(scalar));
  return ecdh.getPublicKey();
}

function sm3(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function bytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function positive(number: bigint): bigint {
  return ((number % ORDER) + ORDER) % ORDER;
}

/** By Fermat: the order is prime. */
function inverse(number: bigint): bigint {
  let [result, base] = [1n, positive(number)];
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}
