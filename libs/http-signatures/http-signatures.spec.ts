import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { contentDigest } from './content-digest.js';
import { type ReceivedRequest, SignatureRefused, admitRequest, signRequest, signResponse } from './index.js';
import { type RequestToSign, verifyRequest } from './request.js';
import { verifyResponse } from './response.js';
import { signatureBase } from './signature-base.js';
import { inputText, parseSignature, parseSignatureInput } from './structured-fields.js';

/** Key of RFC 9421, B.1.4; public there. */
const RFC_PRIVATE = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`;
const RFC_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;

describe('the Ed25519 example of RFC 9421, B.2.6', () => {
  const input =
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")' +
    ';created=1618884473;keyid="test-key-ed25519"';
  const signature =
    'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:';
  const values: Readonly<Record<string, string>> = {
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    '@method': 'POST',
    '@path': '/foo',
    '@authority': 'example.com',
    'content-type': 'application/json',
    'content-length': '18',
  };
  const parsed = parseSignatureInput(input);
  const base = signatureBase(parsed.components, ({ name }) => values[name] as string, parsed.text);

  it('has the RFC’s signature base', () => {
    expect(base).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-length": 18',
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")' +
          ';created=1618884473;keyid="test-key-ed25519"',
      ].join('\n'),
    );
  });

  it('is verified and made by us alike', () => {
    const { base64 } = parseSignature(signature);
    expect(verify(null, Buffer.from(base), createPublicKey(RFC_PUBLIC), Buffer.from(base64, 'base64'))).toBe(
      true,
    );
    expect(sign(null, Buffer.from(base), createPrivateKey(RFC_PRIVATE)).toString('base64')).toBe(base64);
    expect(`sig-b26=${inputText(parsed.components, parsed.parameters)}`).toBe(input);
  });

  it('has the digest of RFC 9530, B.1', () => {
    expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe(
      'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    );
  });
});

const tenant = asId<'tenant'>('demo');
const NOW_MS = Date.parse('2026-09-01T00:00:00.500Z');
const pair = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const key = { keyId: 'bank.demo', privateKey: pair.privateKey };
const keyOf = (keyId: string) => (keyId === key.keyId ? { tenant, publicKey: pair.publicKey } : undefined);
const moment = { nowMs: NOW_MS, nonce: 'abcdefghijklmnopqrst', lifeSeconds: 60 };
const post: RequestToSign = {
  method: 'POST',
  target: '/operations?x=1&y=%20',
  body: Buffer.from('{"a":1}'),
  idempotencyKey: 'key-1',
};

function received(request: RequestToSign = post, at = moment, by = key): ReceivedRequest {
  return { ...request, headers: signRequest(request, by, at) };
}

function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (fault) {
    if (fault instanceof SignatureRefused) return fault.reason;
    throw fault;
  }
  return 'taken';
}

const refusalOf = (request: ReceivedRequest, nowMs = NOW_MS): string =>
  reasonOf(() => verifyRequest(request, keyOf, nowMs));

describe('a signed request', () => {
  it('tells who signed it, and until when', () => {
    expect(verifyRequest(received(), keyOf, NOW_MS)).toEqual({
      keyId: 'bank.demo',
      key: { tenant, publicKey: pair.publicKey },
      nonce: moment.nonce,
      expiresAtMs: Date.parse('2026-09-01T00:01:00.000Z'),
      idempotencyKey: 'key-1',
    });
    const get = { method: 'GET', target: '/operations/a', body: new Uint8Array(0) };
    expect(verifyRequest(received(get), keyOf, NOW_MS)).not.toHaveProperty('idempotencyKey');
    expect(received(get).headers['signature-input']).toBe(
      'sig=("@method" "@path" "@query");created=1788220800;expires=1788220860' +
        ';nonce="abcdefghijklmnopqrst";keyid="bank.demo";alg="ed25519"',
    );
  });

  const changed = (change: Partial<ReceivedRequest>) => refusalOf({ ...received(), ...change });
  const header = (name: string, to: (value: string) => string | undefined) => {
    const { headers, ...rest } = received();
    return refusalOf({ ...rest, headers: { ...headers, [name]: to(String(headers[name])) } });
  };

  it.each([
    ['another method', changed({ method: 'PUT' }), 'signature'],
    ['another path', changed({ target: '/operationz?x=1&y=%20' }), 'signature'],
    ['a path of another case', changed({ target: '/Operations?x=1&y=%20' }), 'signature'],
    ['another query', changed({ target: '/operations?x=2&y=%20' }), 'signature'],
    ['no query', changed({ target: '/operations' }), 'signature'],
    ['the query written otherwise', changed({ target: '/operations?x=1&y=+' }), 'signature'],
    ['an absolute target', changed({ target: 'http://h/operations?x=1&y=%20' }), 'malformed'],
    ['another body', changed({ body: Buffer.from('{"a":2}') }), 'digest'],
    ['no body', changed({ body: new Uint8Array(0) }), 'digest'],
    ['another digest', header('content-digest', () => contentDigest(Buffer.from('{"a":2}'))), 'digest'],
    ['a digest of another kind', header('content-digest', (v) => v.replace('sha-256', 'md5')), 'digest'],
    ['two digests', header('content-digest', (v) => `${v}, ${v}`), 'digest'],
    ['no digest', header('content-digest', () => undefined), 'digest'],
    ['another idempotency key', header('idempotency-key', () => 'key-2'), 'signature'],
    ['no idempotency key', header('idempotency-key', () => undefined), 'missingComponent'],
    ['no signature', header('signature', () => undefined), 'malformed'],
    ['no signature input', header('signature-input', () => undefined), 'malformed'],
    ['two signatures', header('signature', (v) => `${v}, ${v}`), 'malformed'],
    ['another label', header('signature', (v) => v.replace('sig=', 'sig2=')), 'malformed'],
    ['a flipped bit', header('signature', (v) => v.replace(/:./, v[5] === 'A' ? ':B' : ':A')), 'signature'],
    [
      'a later end',
      header('signature-input', (v) => v.replace('expires=1788220860', 'expires=1788220861')),
      'signature',
    ],
    ['another nonce', header('signature-input', (v) => v.replace('abcd', 'abce')), 'signature'],
    ['an unknown key', header('signature-input', (v) => v.replace('bank.demo', 'bank.other')), 'unknownKey'],
    ['no nonce', header('signature-input', (v) => v.replace(/;nonce="\w+"/, '')), 'malformed'],
    ['a short nonce', header('signature-input', (v) => v.replace(/nonce="\w+"/, 'nonce="a"')), 'malformed'],
    ['no algorithm', header('signature-input', (v) => v.replace(';alg="ed25519"', '')), 'malformed'],
    ['another algorithm', header('signature-input', (v) => v.replace('ed25519', 'hmac-sha256')), 'malformed'],
    ['a parameter twice', header('signature-input', (v) => `${v};alg="ed25519"`), 'malformed'],
    ['one parameter more', header('signature-input', (v) => `${v};tag="x"`), 'malformed'],
    ['an optional blank', header('signature-input', (v) => v.replace(';created', '; created')), 'malformed'],
    [
      'a component twice',
      header('signature-input', (v) => v.replace('"@path"', '"@path" "@path"')),
      'malformed',
    ],
    [
      'an unknown component more',
      header('signature-input', (v) => v.replace('"@path"', '"@path" "date"')),
      'malformed',
    ],
    [
      'no body covered',
      header('signature-input', (v) => v.replace(' "content-digest"', '')),
      'missingComponent',
    ],
    [
      'no key covered',
      header('signature-input', (v) => v.replace(' "idempotency-key"', '')),
      'missingComponent',
    ],
    ['no query covered', header('signature-input', (v) => v.replace(' "@query"', '')), 'missingComponent'],
    ['nothing covered', header('signature-input', (v) => v.replace(/\(.*\)/, '()')), 'missingComponent'],
    [
      'ten thousand characters',
      header('signature-input', (v) => `${v};x="${'a'.repeat(10_000)}"`),
      'malformed',
    ],
    [
      'another’s key',
      refusalOf(received(post, moment, { ...key, privateKey: stranger.privateKey })),
      'signature',
    ],
  ])('is refused with %s', (_what, reason, expected) => {
    expect(reason).toBe(expected);
  });

  it('covers the body of a GET as well, should it have one', () => {
    const { headers } = received({ method: 'GET', target: '/a', body: new Uint8Array(0) });
    expect(refusalOf({ method: 'GET', target: '/a', body: Buffer.from('x'), headers })).toBe(
      'missingComponent',
    );
  });

  it.each([
    [59_400, 'taken'],
    [59_500, 'expired'],
    [3_600_000, 'expired'],
    [-60_000, 'taken'],
    [-61_000, 'notYet'],
  ])('is %s ms later %s', (laterMs, expected) => {
    expect(refusalOf(received(), NOW_MS + laterMs)).toBe(expected);
  });

  it('lives for five minutes at most', () => {
    expect(refusalOf(received(post, { ...moment, lifeSeconds: 300 }))).toBe('taken');
    expect(refusalOf(received(post, { ...moment, lifeSeconds: 301 }))).toBe('livesTooLong');
  });

  it('is let in once', async () => {
    const claimed = new Set<string>();
    const claims: string[] = [];
    const nonces = {
      claim: async (keyId: string, nonce: string, expiresAt: string) => {
        claims.push(`${keyId} ${nonce} ${expiresAt}`);
        const first = !claimed.has(nonce);
        claimed.add(nonce);
        return first;
      },
    };
    await admitRequest(received(), keyOf, nonces, NOW_MS);
    await expect(admitRequest(received(), keyOf, nonces, NOW_MS)).rejects.toMatchObject({
      reason: 'replayed',
    });
    // Whoever has no key can use up no nonce.
    const forged = received(post, moment, { ...key, privateKey: stranger.privateKey });
    await expect(admitRequest(forged, keyOf, nonces, NOW_MS)).rejects.toMatchObject({ reason: 'signature' });
    expect(claims).toEqual(
      Array.from({ length: 2 }, () => 'bank.demo abcdefghijklmnopqrst 2026-09-01T00:01:00.000Z'),
    );
  });

  it('is verified whatever it says, and refused with one bit of it changed', () => {
    const target = fc.webPath().map((path) => (path.startsWith('/') ? path : `/${path}`));
    fc.assert(
      fc.property(target, fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (path, body, at) => {
        const request = received({ ...post, target: path, body });
        const other = Uint8Array.from(body);
        other[at % body.length]! ^= 1 << (at % 8);
        return refusalOf(request) === 'taken' && refusalOf({ ...request, body: other }) === 'digest';
      }),
      { numRuns: 100 },
    );
  });
});

describe('a signed response', () => {
  const request = signRequest(post, key, moment);
  const body = Buffer.from('{"outcome":"cancelled"}');
  const own = { keyId: 'bank.demo', privateKey: pair.privateKey };
  const headers = signResponse({ status: 200, body }, request['signature'] as string, own, NOW_MS);
  const answer = { status: 200, headers, body };
  const refusal = (change: Partial<typeof answer>, sent = request, nowMs = NOW_MS): string =>
    reasonOf(() => verifyResponse({ ...answer, ...change }, sent, keyOf, nowMs));
  const withHeader = (name: string, value: string | undefined) =>
    refusal({ headers: { ...headers, [name]: value } as typeof headers });

  it('tells who signed it', () => {
    expect(verifyResponse(answer, request, keyOf, NOW_MS).keyId).toBe('bank.demo');
    expect(headers['signature-input']).toBe(
      'sig=("@status" "content-digest" "signature";req;key="sig");created=1788220800;keyid="bank.demo";alg="ed25519"',
    );
  });

  it.each([
    ['another status', refusal({ status: 201 }), 'signature'],
    ['another body', refusal({ body: Buffer.from('{"outcome":"succeeded"}') }), 'digest'],
    ['another digest', withHeader('content-digest', contentDigest(Buffer.from('x'))), 'digest'],
    ['no digest', withHeader('content-digest', undefined), 'digest'],
    ['no signature', withHeader('signature', undefined), 'malformed'],
    ['another signature', withHeader('signature', request['signature']), 'signature'],
    [
      'less covered',
      withHeader('signature-input', headers['signature-input']!.replace(' "signature";req;key="sig"', '')),
      'missingComponent',
    ],
    [
      'an answer to the same request, asked another time',
      refusal({}, signRequest(post, key, { ...moment, nonce: 'another-nonce-0123' })),
      'signature',
    ],
    ['an old answer', refusal({}, request, NOW_MS + 61_500), 'expired'],
    ['an answer of the future', refusal({}, request, NOW_MS - 61_500), 'notYet'],
  ])('is refused: %s', (_what, reason, expected) => {
    expect(reason).toBe(expected);
  });
});
