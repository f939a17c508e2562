import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
  exportJWK,
  generateKeyPair,
  importJWK,
} from 'jose';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { mintDemoToken } from '../issuer/demo-token.js';
import { type IssuerKeys, knownIssuerKeys, obtainIssuerKeys, trustIn } from '../issuer/keys.js';
import { AUDIENCE, TokenRefused, tokenVerifier } from './verifier.js';

const ISSUER = 'http://localhost:4000/oidc';
const START = '2026-09-01T00:00:00.000Z';
const nowS = Date.parse(START) / 1_000;

let dataDir: string;
let keys: IssuerKeys;
let privateKey: CryptoKey;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-tokens-'));
  keys = await obtainIssuerKeys(dataDir, ISSUER);
  privateKey = (await importJWK(keys.jwk, 'ES256')) as CryptoKey;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const good = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'acc',
  person: 'p',
  tenant: 't',
  org: 'o',
  roles: ['payer', 'emperor'],
  iat: nowS,
  exp: nowS + 600,
};

function sign(
  claims: object = {},
  header: Partial<JWTHeaderParameters> = {},
  key: CryptoKey = privateKey,
): Promise<string> {
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keys.jwk.kid ?? '', ...header })
    .sign(key);
}

function verifierAt(offsetS = 0) {
  const outside = manualRuntime({ start: new Date((nowS + offsetS) * 1_000).toISOString() });
  return { outside, verifier: tokenVerifier(trustIn(keys), outside.clock) };
}

async function verdict(token: string, offsetS = 0): Promise<string> {
  try {
    await verifierAt(offsetS).verifier.verify(token);
    return 'accepted';
  } catch (fault) {
    return fault instanceof TokenRefused ? fault.reason : `unexpected: ${String(fault)}`;
  }
}

describe('tokenVerifier', () => {
  it('answers the caller of a good token, without roles it does not know', async () => {
    const { verifier } = verifierAt();
    expect(await verifier.verify(await sign())).toEqual({
      caller: { accountId: 'acc', personId: 'p', tenant: 't', organisation: 'o', roles: ['payer'] },
      expiresAtMs: (nowS + 600) * 1_000,
    });
  });

  it('refuses what is not signed by the issuer', async () => {
    const stranger = await generateKeyPair('ES256', { extractable: true });
    const strangerJwk = await exportJWK(stranger.publicKey);
    const [header, payload, signature = ''] = (await sign()).split('.');
    const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const publicJwk: JWK = { kty: keys.jwk.kty, crv: keys.jwk.crv, x: keys.jwk.x, y: keys.jwk.y };
    const hmacInput = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: keys.jwk.kid })}.${payload}`;
    const forged: Record<string, string> = {
      'alg none': new UnsecuredJWT(good).encode(),
      'alg none, typed': `${b64({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      'public key as HMAC secret': `${hmacInput}.${createHmac('sha256', JSON.stringify(publicJwk)).update(hmacInput).digest('base64url')}`,
      'another key, same kid': await sign({}, {}, stranger.privateKey),
      'kid unknown': await sign({}, { kid: 'unknown' }, stranger.privateKey),
      'key in the header': await sign({}, { jwk: strangerJwk }, stranger.privateKey),
      'key address in the header': await sign(
        {},
        { jku: 'http://127.0.0.1:9/jwks', kid: 'unknown' },
        stranger.privateKey,
      ),
      'certificate address in the header': await sign(
        {},
        { x5u: 'http://127.0.0.1:9/cert' },
        stranger.privateKey,
      ),
      'signature cut': `${header}.${payload}.${signature.slice(0, -4)}`,
      'payload changed': `${header}.${b64({ ...good, roles: ['ops'] })}.${signature}`,
      'no token': 'x',
      empty: '',
      long: 'a'.repeat(10_000),
    };
    for (const [name, token] of Object.entries(forged))
      expect([name, await verdict(token)]).toEqual([name, 'invalid']);
  });

  it('refuses what the issuer signed for somebody or something else', async () => {
    const misused: Record<string, string> = {
      'other audience': await sign({ aud: 'urn:other' }),
      'no audience': await sign({ aud: undefined }),
      'other issuer': await sign({ iss: 'http://localhost:4001/oidc' }),
      'an id token': await sign({}, { typ: 'JWT' }),
      'no type': await sign({}, { typ: undefined }),
      'no expiry': await sign({ exp: undefined }),
      'not yet': await sign({ nbf: nowS + 60 }),
      'no tenant': await sign({ tenant: undefined }),
      'empty tenant': await sign({ tenant: '' }),
      'roles as text': await sign({ roles: 'ops' }),
      'organisation as list': await sign({ org: ['o'] }),
    };
    for (const [name, token] of Object.entries(misused))
      expect([name, await verdict(token)]).toEqual([name, 'invalid']);
  });

  it('tells expired from invalid, with five seconds of grace', async () => {
    const token = await sign();
    expect(await verdict(token, 599)).toBe('accepted');
    expect(await verdict(token, 606)).toBe('expired');
  });

  it('forgets a verified token when it expires', async () => {
    const { outside, verifier } = verifierAt();
    const token = await sign();
    expect(verifier.known(token)).toBeUndefined();
    const verified = await verifier.verify(token);
    expect(verifier.known(token)).toBe(verified);
    expect(verifier.known(`${token}x`)).toBeUndefined();
    await outside.advance(600_000);
    expect(verifier.known(token)).toBeUndefined();
  });
});

describe('issuer keys', () => {
  it('are made once, even by many at once, and are the owner’s alone', async () => {
    const folder = join(dataDir, randomUUID());
    const made = await Promise.all(Array.from({ length: 8 }, () => knownIssuerKeys(folder, ISSUER)));
    expect(new Set(made.map(({ jwk }) => jwk.kid)).size).toBe(1);
    expect((await stat(join(folder, 'issuer.json'))).mode & 0o777).toBe(0o600);
    const text = await readFile(join(folder, 'issuer.json'), 'utf8');
    expect((JSON.parse(text) as IssuerKeys).jwk.kid).toBe(made[0]?.jwk.kid);
  });

  it('sign demo tokens before the first start that the server accepts later, under another port too', async () => {
    const folder = join(dataDir, randomUUID());
    const token = await mintDemoToken('bursar', { dataDir: folder, now: new Date(nowS * 1_000) });
    const served = await obtainIssuerKeys(folder, 'http://localhost:4100/oidc');
    expect(served.issuers).toEqual([ISSUER, 'http://localhost:4100/oidc']);
    const verifier = tokenVerifier(trustIn(served), manualRuntime({ start: START }).clock);
    expect((await verifier.verify(token)).caller).toEqual({
      accountId: 'demo-bursar',
      personId: 'demo-person-bursar',
      tenant: 'demo-bank',
      organisation: 'school-2',
      roles: ['bursar'],
    });
    await expect(mintDemoToken('nobody', { dataDir: folder })).rejects.toThrow(
      'There is no demo user "nobody".',
    );
  });

  it('are never used in production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      await expect(mintDemoToken('bursar', { dataDir })).rejects.toThrow('not available in production');
    } finally {
      process.env.NODE_ENV = before;
    }
  });
});
