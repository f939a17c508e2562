import { createRemoteJWKSet } from 'jose';
import { IssuerUnavailable, type TrustedIssuer } from './verifier.js';

const DISCOVERY_TIMEOUT_MS = 5_000;

/**
 * An issuer of one's own choice, found by OpenID Connect Discovery 1.0. Its keys are fetched when first needed and again
 * when a token names an unknown one, at most every 30 seconds.
 *
 * @throws IssuerUnavailable when discovery fails or answers for another issuer
 */
export async function externalIssuer(issuer: string): Promise<TrustedIssuer> {
  const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
  const document = await discover(`${base}/.well-known/openid-configuration`);
  if (document.issuer !== issuer)
    throw new IssuerUnavailable(`The issuer at ${issuer} calls itself ${String(document.issuer)}.`);
  if (typeof document.jwks_uri !== 'string')
    throw new IssuerUnavailable(`The issuer at ${issuer} names no jwks_uri.`);
  const keys = createRemoteJWKSet(new URL(document.jwks_uri), {
    timeoutDuration: DISCOVERY_TIMEOUT_MS,
    cooldownDuration: 30_000,
  });
  return { issuers: [issuer], keys };
}

async function discover(url: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  } catch (error) {
    throw new IssuerUnavailable(`${url} did not answer: ${String(error)}`);
  }
}
