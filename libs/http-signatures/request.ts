import { sign, verify } from 'node:crypto';
import type { PartnerKey, SigningKey } from './agreement.js';
import { contentDigest } from './content-digest.js';
import { type ReceivedRequest, type RequestMessage, fieldOf, pathOf, queryOf } from './messages.js';
import { SignatureRefused } from './refused.js';
import { signatureBase } from './signature-base.js';
import {
  type Component,
  type SignatureInput,
  inputText,
  parseSignature,
  parseSignatureInput,
} from './structured-fields.js';

/** Clocks of two parties differ by this much at most, seconds. */
const SKEW_SECONDS = 60;
/** Longest life of a request, seconds: as long as its nonce must be kept. */
const LONGEST_LIFE_SECONDS = 300;
const ALGORITHM = 'ed25519';
const NONCE = /^[A-Za-z0-9_-]{16,128}$/;

/** Covered always. A body and its idempotency key where the method has one. */
const OF_EVERY_REQUEST: readonly Component[] = ['@method', '@path', '@query'].map((name) => ({ name }));
const OF_A_BODY: readonly Component[] = ['content-digest', 'idempotency-key'].map((name) => ({ name }));
const LABEL = 'sig';

export interface SigningMoment {
  readonly nowMs: number;
  /** 16 to 128 characters of base64url, never used before with this key. */
  readonly nonce: string;
  readonly lifeSeconds: number;
}

export interface RequestToSign extends RequestMessage {
  /** Required with POST. */
  readonly idempotencyKey?: string;
}

/** Headers that make the request a signed one, idempotency key and digest included. */
export function signRequest(
  request: RequestToSign,
  { keyId, privateKey }: SigningKey,
  { nowMs, nonce, lifeSeconds }: SigningMoment,
): Readonly<Record<string, string>> {
  const created = Math.floor(nowMs / 1_000);
  const fields = carriesBody(request)
    ? {
        'content-digest': contentDigest(request.body),
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
      }
    : {};
  const components = required(request);
  const text = inputText(
    components,
    new Map<string, string | number>([
      ['created', created],
      ['expires', created + lifeSeconds],
      ['nonce', nonce],
      ['keyid', keyId],
      ['alg', ALGORITHM],
    ]),
  );
  const base = signatureBase(components, (component) => valueOf(component, request, fields), text);
  const signature = sign(null, Buffer.from(base), privateKey).toString('base64');
  return { ...fields, 'signature-input': `${LABEL}=${text}`, signature: `${LABEL}=:${signature}:` };
}

export interface VerifiedRequest {
  readonly keyId: string;
  readonly key: PartnerKey;
  readonly nonce: string;
  readonly expiresAtMs: number;
  /** Absent where the method has no body. */
  readonly idempotencyKey?: string;
}

/**
 * Everything but the nonce, which `admitRequest` claims as well.
 *
 * @throws SignatureRefused
 */
export function verifyRequest(
  request: ReceivedRequest,
  keyOf: (keyId: string) => PartnerKey | undefined,
  nowMs: number,
): VerifiedRequest {
  if (!request.target.startsWith('/')) throw new SignatureRefused('malformed');
  const input = parseSignatureInput(fieldOf(request.headers, 'signature-input') ?? '');
  const signature = parseSignature(fieldOf(request.headers, 'signature') ?? '');
  if (signature.label !== input.label) throw new SignatureRefused('malformed');
  assertCovered(request, input);
  const { keyId, nonce, created, expires } = readParameters(input);
  const key = keyOf(keyId);
  if (!key) throw new SignatureRefused('unknownKey');
  const hasBody = carriesBody(request);
  if (hasBody && fieldOf(request.headers, 'content-digest') !== contentDigest(request.body))
    throw new SignatureRefused('digest');
  const base = signatureBase(
    input.components,
    (component) => valueOf(component, request, request.headers),
    input.text,
  );
  if (!verify(null, Buffer.from(base), key.publicKey, Buffer.from(signature.base64, 'base64')))
    throw new SignatureRefused('signature');
  assertInTime(created, expires, nowMs);
  return {
    keyId,
    key,
    nonce,
    expiresAtMs: expires * 1_000,
    ...(hasBody ? { idempotencyKey: fieldOf(request.headers, 'idempotency-key') } : {}),
  };
}

/** A GET with a body would carry what nobody signed; it is treated as what it is. */
function carriesBody({ method, body }: RequestMessage): boolean {
  return method !== 'GET' || body.length > 0;
}

function required(request: RequestMessage): readonly Component[] {
  return carriesBody(request) ? [...OF_EVERY_REQUEST, ...OF_A_BODY] : OF_EVERY_REQUEST;
}

/** Exactly what must be covered, in any order: what we don't know we could not check. */
function assertCovered(request: RequestMessage, { components }: SignatureInput): void {
  const names = new Set(components.map(({ name, ofRequest }) => (ofRequest ? '' : name)));
  const expected = required(request);
  if (!expected.every(({ name }) => names.has(name))) throw new SignatureRefused('missingComponent');
  if (components.length !== expected.length) throw new SignatureRefused('malformed');
}

function readParameters({ parameters }: SignatureInput) {
  const created = parameters.get('created');
  const expires = parameters.get('expires');
  const nonce = parameters.get('nonce');
  const keyId = parameters.get('keyid');
  if (
    typeof created !== 'number' ||
    typeof expires !== 'number' ||
    typeof nonce !== 'string' ||
    !NONCE.test(nonce) ||
    typeof keyId !== 'string' ||
    parameters.get('alg') !== ALGORITHM ||
    parameters.size !== 5
  )
    throw new SignatureRefused('malformed');
  return { created, expires, nonce, keyId };
}

function assertInTime(created: number, expires: number, nowMs: number): void {
  const now = Math.floor(nowMs / 1_000);
  if (created > now + SKEW_SECONDS) throw new SignatureRefused('notYet');
  if (expires - created > LONGEST_LIFE_SECONDS) throw new SignatureRefused('livesTooLong');
  if (expires <= now) throw new SignatureRefused('expired');
}

function valueOf(
  { name }: Component,
  request: RequestMessage,
  fields: Parameters<typeof fieldOf>[0],
): string {
  switch (name) {
    case '@method':
      return request.method;
    case '@path':
      return pathOf(request.target);
    case '@query':
      return queryOf(request.target);
    default: {
      const value = fieldOf(fields, name);
      if (!value) throw new SignatureRefused('missingComponent');
      return value;
    }
  }
}
