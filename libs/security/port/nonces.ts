import type { Instant } from '#libs/kernel/time/index.js';

/** Numbers used once in signed requests. They survive a restart: otherwise every restart would let replays in. */
export interface Nonces {
  /**
   * True for whoever claims the nonce of a key first, and never again while a request that carries it could be valid. Durable
   * before true is answered.
   *
   * @throws NoncesUnavailable when it cannot be made durable, or too many live at once
   */
  claim(keyId: string, nonce: string, expiresAt: Instant): Promise<boolean>;
  close(): Promise<void>;
}

export class NoncesUnavailable extends Error {
  override readonly name = 'NoncesUnavailable';
}
