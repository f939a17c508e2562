import { createPublicKey, hash, verify } from 'node:crypto';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { OfflineToken } from '../../contract/index.js';
import type { OfflinePayment } from '../../domain/hard-wallet/index.js';

const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;
const MOST_COUNTED = 0xffff_ffff;

/**
 * What is signed: RFC 8785 JSON, which for flat text and one integer is the names in order without blanks. Amounts are minor units as
 * text, because a JSON number never holds money.
 */
export function signedContent({
  hardWalletId,
  counter,
  amount,
  organisationId,
  reference,
  at,
}: Omit<OfflineToken, 'signature'>): string {
  // In the order of UTF-16 code units, as the RFC asks.
  return JSON.stringify({
    amount: String(amount.amount),
    asset: amount.asset,
    at,
    counter,
    hardWalletId,
    organisationId,
    reference,
  });
}

/** Whether the device of that public key signed the token. */
export function isSigned(token: OfflineToken, publicKey: string): boolean {
  if (!SIGNATURE.test(token.signature)) return false;
  const content = Buffer.from(signedContent(token), 'utf8');
  return verify(undefined, content, keyOf(publicKey), Buffer.from(token.signature, 'base64url'));
}

/** Whether 32 bytes in base64url are a key at all. */
export function isPublicKey(text: string): boolean {
  try {
    return /^[A-Za-z0-9_-]{43}$/.test(text) && keyOf(text).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

/** What can be told from a token alone: that somebody could have signed it. */
export function isSound(
  { hardWalletId, counter, reference, amount, at }: OfflineToken,
  now: Instant,
): boolean {
  const counted = Number.isInteger(counter) && counter > 0 && counter <= MOST_COUNTED;
  return counted && isUuid(hardWalletId) && isUuid(reference) && amount.amount > 0n && at <= now;
}

export function paymentOf(token: OfflineToken): OfflinePayment {
  const { counter, amount, organisationId, reference, at } = token;
  const digest = hash('sha256', signedContent(token), 'hex');
  return { counter, digest, amount, organisationId, reference, paidAt: at };
}

function keyOf(publicKey: string) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}
