import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK } from 'jose';
import { type DemoUser, demoUser } from '../demo/demo-directory.js';
import { AUDIENCE } from '../tokens/verifier.js';
import { ISSUER_ALGORITHM, knownIssuerKeys } from './keys.js';

/** Claims beside the registered ones, which every access token carries. */
export function accessClaims(user: DemoUser): Record<string, unknown> {
  return {
    person: user.personId,
    tenant: user.tenant,
    ...(user.organisation ? { org: user.organisation } : {}),
    roles: [...user.roles],
  };
}

export interface DemoTokenOptions {
  /** The data folder of the server, running or not yet started. */
  readonly dataDir: string;
  /** Where the server will listen; counts only before its first start. Default 4000. */
  readonly port?: number;
  /** Default 12 hours. */
  readonly lifetimeSeconds?: number;
  readonly now?: Date;
}

/**
 * A bearer token for a demo user, by login name; the first user of each role is called like the role.
 *
 * @throws Error for an unknown user, and where the embedded issuer is not allowed (NODE_ENV=production)
 */
export async function mintDemoToken(username: string, options: DemoTokenOptions): Promise<string> {
  assertDemoAllowed();
  const user = demoUser(username);
  if (!user) throw new Error(`There is no demo user "${username}".`);
  const keys = await knownIssuerKeys(options.dataDir, `http://localhost:${options.port ?? 4000}/oidc`);
  const issuedAt = Math.floor((options.now ?? new Date()).getTime() / 1_000);
  return new SignJWT(accessClaims(user))
    .setProtectedHeader({ alg: ISSUER_ALGORITHM, typ: 'at+jwt', kid: keys.jwk.kid ?? '' })
    .setIssuer(keys.issuers.at(-1) ?? '')
    .setSubject(user.accountId)
    .setAudience(AUDIENCE)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (options.lifetimeSeconds ?? 43_200))
    .sign(await importJWK(keys.jwk, ISSUER_ALGORITHM));
}

/** Whoever runs in production must bring an issuer of their own. @throws Error */
export function assertDemoAllowed(): void {
  if (process.env.NODE_ENV === 'production') {
    throw new Error(
      'The embedded issuer with its demo users is not available in production; set SLUICE_OIDC_ISSUER to your own issuer.',
    );
  }
}
