import type { TenantId } from '#libs/kernel/ids/index.js';

/** A public key as contracts name it. */
export interface HeldKey {
  /** Follows from the key: `k1-` and 16 hex digits. */
  readonly keyId: string;
  readonly alg: 'Ed25519' | 'SM2';
  /** Raw, base64url. */
  readonly publicKey: string;
}

/**
 * Signing keys that the platform keeps for somebody's devices, such as the lesson terminals of a school that runs none of its own.
 * The private key never leaves the keyring. Holders are named like streams: `organisation:<id>`.
 */
export interface AttestorKeyring {
  /** At least one; made where there is none, and durable when resolved. @throws KeyringUnavailable */
  publicKeys(tenant: TenantId, holder: string): Promise<readonly HeldKey[]>;
  /**
   * Signs with the holder's newest key, made where there is none.
   * @returns `sig` base64url
   * @throws KeyringUnavailable
   */
  sign(tenant: TenantId, holder: string, message: Uint8Array): Promise<HeldSignature>;
}

export interface HeldSignature {
  readonly keyId: string;
  readonly alg: HeldKey['alg'];
  readonly sig: string;
}

export class KeyringUnavailable extends Error {
  override readonly name = 'KeyringUnavailable';
}
