/** Ed25519: RFC 8032. SM2: GB/T 32918.2 with SM3 and the default user id `1234567812345678`. */
export type SignatureAlgorithm = 'Ed25519' | 'SM2';

export interface SignatureToVerify {
  readonly alg: SignatureAlgorithm;
  /** Raw, base64url without padding: 32 bytes for Ed25519; 65 bytes (0x04 ‖ x ‖ y) for SM2. */
  readonly publicKey: string;
  /** What was signed, unhashed. At most 64 KiB. */
  readonly message: Uint8Array;
  /** base64url without padding, 64 bytes: R ‖ S of Ed25519, r ‖ s of SM2. Every other writing of the same is false. */
  readonly sig: string;
}

/**
 * Verifies off the main thread. Whatever is malformed (length, encoding, a point that is not on the curve) is false, never thrown.
 */
export interface SignatureVerifier {
  /**
   * @throws SignatureVerifierOverloaded more wait already than are taken; nothing was verified, try later
   * @throws SignatureVerifierUnavailable no answer within the deadline, or closed; nothing is known
   */
  verify(signature: SignatureToVerify): Promise<boolean>;
}

export class SignatureVerifierOverloaded extends Error {
  override readonly name = 'SignatureVerifierOverloaded';
}

export class SignatureVerifierUnavailable extends Error {
  override readonly name = 'SignatureVerifierUnavailable';
}
