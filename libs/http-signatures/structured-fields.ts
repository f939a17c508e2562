/**
 * The little of structured fields (RFC 8941) that message signatures need, in canonical form only: one signature a message, no
 * optional blanks, no escapes. Whoever writes it otherwise is refused, so that a text has one meaning and the meaning one text.
 */
import { SignatureRefused } from './refused.js';

/** `"content-digest"`, or of the request that a response answers: `"signature";req;key="sig"`. */
export interface Component {
  readonly name: string;
  readonly ofRequest?: { readonly key: string };
}

export interface SignatureInput {
  readonly label: string;
  readonly components: readonly Component[];
  readonly parameters: ReadonlyMap<string, string | number>;
  /** The value of `@signature-params`, as it stood. */
  readonly text: string;
}

/** Room for every component and parameter we know, with a nonce and a key id of 128 characters. */
const LONGEST_FIELD = 1_024;

const MEMBER = /^([a-z][a-z0-9_-]{0,31})=(\(([^()]*)\)((?:;[^;()]+)*))$/;
const COMPONENT = /^"(@?[a-z][a-z0-9-]*)"(?:;req;key="([a-z][a-z0-9_-]*)")?$/;
/** Strings without quote, backslash and semicolon, integers without leading zeros. */
const PARAMETER = /^([a-z][a-z0-9_]*)=(?:(0|[1-9]\d{0,14})|"([ !#-:<-[\]-~]{1,256})")$/;
const SIGNATURE = /^([a-z][a-z0-9_-]{0,31})=:([A-Za-z0-9+/]{86}==):$/;

export function componentText({ name, ofRequest }: Component): string {
  return ofRequest ? `"${name}";req;key="${ofRequest.key}"` : `"${name}"`;
}

/** `("@method" "@path");created=1618884473;keyid="a"` */
export function inputText(
  components: readonly Component[],
  parameters: ReadonlyMap<string, string | number>,
): string {
  const written = [...parameters].map(([name, value]) =>
    typeof value === 'number' ? `;${name}=${value}` : `;${name}="${value}"`,
  );
  return `(${components.map(componentText).join(' ')})${written.join('')}`;
}

/** @param field value of a Signature-Input header @throws SignatureRefused `malformed` */
export function parseSignatureInput(field: string): SignatureInput {
  const member = field.length <= LONGEST_FIELD ? MEMBER.exec(field) : null;
  const [, label, text, list, rest] = member ?? [];
  if (label === undefined || text === undefined || list === undefined || rest === undefined)
    throw new SignatureRefused('malformed');
  return {
    label,
    text,
    components: list === '' ? [] : list.split(' ').map(parseComponent),
    parameters: parseParameters(rest),
  };
}

function parseComponent(text: string): Component {
  const [, name, key] = COMPONENT.exec(text) ?? [];
  if (name === undefined) throw new SignatureRefused('malformed');
  return key === undefined ? { name } : { name, ofRequest: { key } };
}

function parseParameters(text: string): ReadonlyMap<string, string | number> {
  const parameters = new Map<string, string | number>();
  for (const part of text.split(';').slice(1)) {
    const [, name, digits, quoted] = PARAMETER.exec(part) ?? [];
    if (name === undefined || parameters.has(name)) throw new SignatureRefused('malformed');
    parameters.set(name, digits === undefined ? (quoted as string) : Number(digits));
  }
  return parameters;
}

/** @param field value of a Signature header @returns label and base64 of the 64 bytes @throws SignatureRefused `malformed` */
export function parseSignature(field: string): { readonly label: string; readonly base64: string } {
  const [, label, base64] = SIGNATURE.exec(field) ?? [];
  if (label === undefined || base64 === undefined || !isCanonical(base64))
    throw new SignatureRefused('malformed');
  return { label, base64 };
}

/** Unused bits at the end must be zero: otherwise one signature had several texts. */
function isCanonical(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('base64') === base64;
}
