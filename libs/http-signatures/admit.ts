import { instantFromEpochMs } from '#libs/kernel/time/index.js';
import type { Nonces } from '#libs/security/port/nonces.js';
import type { PartnerKey } from './agreement.js';
import type { ReceivedRequest } from './messages.js';
import { SignatureRefused } from './refused.js';
import { type VerifiedRequest, verifyRequest } from './request.js';

/**
 * Lets a signed request in once: signature, time and nonce. The nonce is claimed last, so that nobody without the key can use
 * one up or fill the store.
 *
 * @throws SignatureRefused, NoncesUnavailable
 */
export async function admitRequest(
  request: ReceivedRequest,
  keyOf: (keyId: string) => PartnerKey | undefined,
  nonces: Pick<Nonces, 'claim'>,
  nowMs: number,
): Promise<VerifiedRequest> {
  const verified = verifyRequest(request, keyOf, nowMs);
  const expiresAt = instantFromEpochMs(verified.expiresAtMs);
  if (!(await nonces.claim(verified.keyId, verified.nonce, expiresAt)))
    throw new SignatureRefused('replayed');
  return verified;
}
