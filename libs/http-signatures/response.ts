import { sign, verify } from 'node:crypto';
import type { PartnerKey, SigningKey } from './agreement.js';
import { contentDigest } from './content-digest.js';
import { type Headers, type ReceivedResponse, fieldOf } from './messages.js';
import { SignatureRefused } from './refused.js';
import { signatureBase } from './signature-base.js';
import { type Component, inputText, parseSignature, parseSignatureInput } from './structured-fields.js';

const LABEL = 'sig';
const ALGORITHM = 'ed25519';
/** An answer comes within a request's deadline; the rest is the clocks' difference, seconds. */
const SKEW_SECONDS = 60;

/** Bound to the request by its signature, which no other request has: its nonce is in it. RFC 9421 section 2.4. */
function covered(requestLabel: string): readonly Component[] {
  return [
    { name: '@status' },
    { name: 'content-digest' },
    { name: 'signature', ofRequest: { key: requestLabel } },
  ];
}

/**
 * Headers that make the response a signed one.
 *
 * @param requestSignature the request's Signature header
 */
export function signResponse(
  response: { readonly status: number; readonly body: Uint8Array },
  requestSignature: string,
  { keyId, privateKey }: SigningKey,
  nowMs: number,
): Readonly<Record<string, string>> {
  const request = parseSignature(requestSignature);
  const digest = contentDigest(response.body);
  const components = covered(request.label);
  const parameters = new Map<string, string | number>([
    ['created', Math.floor(nowMs / 1_000)],
    ['keyid', keyId],
    ['alg', ALGORITHM],
  ]);
  const text = inputText(components, parameters);
  const base = signatureBase(
    components,
    (component) => valueOf(component, response.status, digest, request.base64),
    text,
  );
  const signature = sign(null, Buffer.from(base), privateKey).toString('base64');
  return {
    'content-digest': digest,
    'signature-input': `${LABEL}=${text}`,
    signature: `${LABEL}=:${signature}:`,
  };
}

/**
 * @param sent headers of the request that is answered, as `signRequest` made them
 * @throws SignatureRefused
 */
export function verifyResponse(
  response: ReceivedResponse,
  sent: Headers,
  keyOf: (keyId: string) => PartnerKey | undefined,
  nowMs: number,
): { readonly keyId: string; readonly key: PartnerKey } {
  const request = parseSignature(fieldOf(sent, 'signature') ?? '');
  const input = parseSignatureInput(fieldOf(response.headers, 'signature-input') ?? '');
  const signature = parseSignature(fieldOf(response.headers, 'signature') ?? '');
  const keyId = input.parameters.get('keyid');
  const created = input.parameters.get('created');
  const expected = inputText(covered(request.label), input.parameters);
  if (input.text !== expected) throw new SignatureRefused('missingComponent');
  if (
    signature.label !== input.label ||
    typeof keyId !== 'string' ||
    typeof created !== 'number' ||
    input.parameters.get('alg') !== ALGORITHM
  )
    throw new SignatureRefused('malformed');
  const key = keyOf(keyId);
  if (!key) throw new SignatureRefused('unknownKey');
  const digest = contentDigest(response.body);
  if (fieldOf(response.headers, 'content-digest') !== digest) throw new SignatureRefused('digest');
  const base = signatureBase(
    input.components,
    (component) => valueOf(component, response.status, digest, request.base64),
    input.text,
  );
  if (!verify(null, Buffer.from(base), key.publicKey, Buffer.from(signature.base64, 'base64')))
    throw new SignatureRefused('signature');
  const now = Math.floor(nowMs / 1_000);
  if (created > now + SKEW_SECONDS) throw new SignatureRefused('notYet');
  if (created < now - SKEW_SECONDS) throw new SignatureRefused('expired');
  return { keyId, key };
}

function valueOf({ name }: Component, status: number, digest: string, requestSignature: string): string {
  switch (name) {
    case '@status':
      return String(status);
    case 'content-digest':
      return digest;
    default:
      return `:${requestSignature}:`;
  }
}
