import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK } from 'jose';
import { ISSUER_ALGORITHM, knownIssuerKeys } from '#libs/security/adapters/issuer/keys.js';
import { AUDIENCE } from '#libs/security/adapters/tokens/verifier.js';
import type { Caller } from '#libs/security/port/index.js';

/** A token of the embedded issuer for somebody whom only the benchmark knows; valid for twelve hours. */
export async function benchToken(
  { accountId, personId, tenant, roles }: Caller,
  { dataDir, port }: { readonly dataDir: string; readonly port: number },
): Promise<string> {
  const keys = await knownIssuerKeys(dataDir, `http://localhost:${port}/oidc`);
  return new SignJWT({ person: personId, tenant, roles: [...roles] })
    .setProtectedHeader({ alg: ISSUER_ALGORITHM, typ: 'at+jwt', kid: keys.jwk.kid ?? '' })
    .setIssuer(keys.issuers.at(-1) ?? '')
    .setSubject(accountId)
    .setAudience(AUDIENCE)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(await importJWK(keys.jwk, ISSUER_ALGORITHM));
}
