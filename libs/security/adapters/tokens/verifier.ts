import { createHash } from 'node:crypto';
import { type JWTPayload, type JWTVerifyGetKey, errors, jwtVerify } from 'jose';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import { type Caller, ROLES, type Role } from '#libs/security/port/index.js';

/** What every access token must name as its audience, whoever issued it. */
export const AUDIENCE = 'urn:sluice:api';

/** Asymmetric signatures only: with a public key as "secret", HS256 would let anybody sign. */
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];
/** Largest clock difference between issuer and us. */
const CLOCK_TOLERANCE_S = 5;
const MAX_TOKEN_LENGTH = 8_192;
const CACHED_TOKENS = 10_000;

/** `expired` and `invalid` are all that a client learns; the log may say more. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  constructor(
    readonly reason: 'expired' | 'invalid',
    detail: string,
  ) {
    super(detail);
  }
}

/** The issuer's keys could not be fetched: nobody knows whether the token is good. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

export interface VerifiedToken {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

export interface TokenVerifier {
  /** @throws TokenRefused, IssuerUnavailable */
  verify(token: string): Promise<VerifiedToken>;
  /** Verified before and still valid; spares the hot path a promise. */
  known(token: string): VerifiedToken | undefined;
}

export interface TrustedIssuer {
  /** Values of `iss` that are this issuer. */
  readonly issuers: readonly string[];
  /** Looks the key up by `kid` among the issuer's own. Never from the token: `jwk`, `jku`, `x5u`, `x5c` are not looked at. */
  readonly keys: JWTVerifyGetKey;
}

/** Checks signature, algorithm, type, issuer, audience and times of access tokens (RFC 9068). */
export function tokenVerifier(trusted: TrustedIssuer, clock: Clock): TokenVerifier {
  const verified = new RecentlyUsed<VerifiedToken>(CACHED_TOKENS);

  function known(token: string): VerifiedToken | undefined {
    const key = digestOf(token);
    const entry = verified.get(key);
    if (!entry || entry.expiresAtMs > epochMsOf(clock.now())) return entry;
    verified.delete(key);
    return undefined;
  }

  return {
    known,
    async verify(token) {
      const cached = known(token);
      if (cached) return cached;
      const payload = await verifiedPayload(token, trusted, clock);
      const entry = { caller: callerOf(payload), expiresAtMs: (payload.exp ?? 0) * 1_000 };
      verified.set(digestOf(token), entry);
      return entry;
    },
  };
}

/** The cache holds no token that a memory dump would give away. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

async function verifiedPayload(token: string, trusted: TrustedIssuer, clock: Clock): Promise<JWTPayload> {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefused('invalid', 'The token is too long.');
  try {
    const { payload } = await jwtVerify(token, trusted.keys, {
      algorithms: ALGORITHMS,
      issuer: [...trusted.issuers],
      audience: AUDIENCE,
      typ: 'at+jwt',
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(epochMsOf(clock.now())),
      requiredClaims: ['exp', 'sub', 'person', 'tenant', 'roles'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new TokenRefused('expired', error.message);
    if (error instanceof errors.JWKSTimeout || isNetworkFault(error))
      throw new IssuerUnavailable(String(error));
    if (error instanceof errors.JOSEError)
      throw new TokenRefused('invalid', `${error.code}: ${error.message}`);
    throw new TokenRefused('invalid', String(error));
  }
}

/** jose answers a failed fetch with a bare JOSEError, the fetch itself with a TypeError. */
function isNetworkFault(error: unknown): boolean {
  return (
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
    (error instanceof TypeError && error.message === 'fetch failed')
  );
}

function callerOf(payload: JWTPayload): Caller {
  const { roles, org } = payload;
  if (!Array.isArray(roles)) throw new TokenRefused('invalid', 'The claim roles is not a list.');
  if (org !== undefined && typeof org !== 'string')
    throw new TokenRefused('invalid', 'The claim org is not text.');
  return {
    accountId: textClaim(payload, 'sub'),
    personId: textClaim(payload, 'person'),
    tenant: asId<'tenant'>(textClaim(payload, 'tenant')),
    ...(org ? { organisation: asId<'organisation'>(org) } : {}),
    roles: ROLES.filter((role: Role) => roles.includes(role)),
  };
}

function textClaim(payload: JWTPayload, name: string): string {
  const value = payload[name];
  if (typeof value !== 'string' || value === '')
    throw new TokenRefused('invalid', `The claim ${name} is missing.`);
  return value;
}
