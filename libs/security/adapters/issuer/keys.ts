import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type JWK, calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { obtainSecretFile, replaceSecretFile } from '../secrets/secret-file.js';
import type { TrustedIssuer } from '../tokens/verifier.js';

export const ISSUER_ALGORITHM = 'ES256';

/** What the embedded issuer keeps in the data folder, so that tokens outlive a restart. */
export interface IssuerKeys {
  /** Private; with `kid`, `alg` and `use`. */
  readonly jwk: JWK;
  /** Signs the issuer's cookies. */
  readonly cookieSecret: string;
  /** Every address this issuer was reached under, newest last: a changed PORT does not void tokens. */
  readonly issuers: readonly string[];
}

const fileIn = (dataDir: string): string => join(dataDir, 'issuer.json');

async function freshKeys(issuer: string): Promise<IssuerKeys> {
  const { privateKey } = await generateKeyPair(ISSUER_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    jwk: { ...jwk, kid, alg: ISSUER_ALGORITHM, use: 'sig' },
    cookieSecret: randomBytes(32).toString('base64url'),
    issuers: [issuer],
  };
}

/** The keys of this data folder, made at first use; `issuer` is added to the addresses when it is new. */
export async function obtainIssuerKeys(dataDir: string, issuer: string): Promise<IssuerKeys> {
  const keys = await obtainSecretFile(fileIn(dataDir), () => freshKeys(issuer));
  if (keys.issuers.at(-1) === issuer) return keys;
  const extended = { ...keys, issuers: [...keys.issuers.filter((known) => known !== issuer), issuer] };
  await replaceSecretFile(fileIn(dataDir), extended);
  return extended;
}

/** The keys as they are, without naming a new address; made for `fallbackIssuer` where there are none yet. */
export function knownIssuerKeys(dataDir: string, fallbackIssuer: string): Promise<IssuerKeys> {
  return obtainSecretFile(fileIn(dataDir), () => freshKeys(fallbackIssuer));
}

/** The public half, for verifying. */
export function trustIn(keys: IssuerKeys): TrustedIssuer {
  const { kty, crv, x, y, kid, alg, use } = keys.jwk;
  return {
    issuers: keys.issuers,
    keys: createLocalJWKSet({ keys: [{ kty, crv, x, y, kid, alg, use } as JWK] }),
  };
}
