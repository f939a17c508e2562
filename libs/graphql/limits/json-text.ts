import { protocolError } from '../errors.js';

/** Deeper JSON than any input of the schema needs. */
const MAX_NESTING = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

/**
 * Parses a request body and refuses what two parsers could read differently: a key twice in one object, `__proto__` as a
 * key, text that is no Unicode (lone surrogates), NUL, and nesting past 32.
 *
 * @throws GraphQLError `BAD_REQUEST`
 */
export function parseJsonStrictly(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw protocolError('BAD_REQUEST', 'The body is not valid JSON.', { reason: 'MALFORMED_JSON' });
  }
  inspectStructure(text);
  // Outside of escapes, NUL is no JSON and the decoder lets no lone surrogate through.
  if (text.includes('\\u')) inspectStrings(value);
  return value;
}

/** Walks well-formed JSON text; the parsed value no longer shows which keys came twice. */
function inspectStructure(text: string): void {
  /** Keys seen, per open object; `undefined` for an open array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) register(keys, text.slice(at, end + 1));
      at = end;
    } else if (code === 123 /* { */ || code === 91 /* [ */) {
      if (open.length === MAX_NESTING) refuse('NESTED_TOO_DEEPLY', `JSON nested deeper than ${MAX_NESTING}.`);
      open.push(code === 123 ? new Set() : undefined);
    } else if (code === 125 /* } */ || code === 93 /* ] */) {
      open.pop();
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function isKey(text: string, endOfText: number): boolean {
  let at = endOfText + 1;
  while (text.charCodeAt(at) <= 32) at += 1;
  return text.charCodeAt(at) === COLON;
}

function register(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (key === '__proto__') refuse('FORBIDDEN_KEY', 'The key __proto__ is not accepted.');
  if (keys.has(key)) refuse('DUPLICATE_KEY', 'A key occurs twice in one JSON object.');
  keys.add(key);
}

function inspectStrings(value: unknown): void {
  if (typeof value === 'string') {
    inspectText(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      inspectText(key);
      inspectStrings(inner);
    }
  }
}

function inspectText(text: string): void {
  if (!isCleanText(text)) refuse('INVALID_TEXT', 'Text contains NUL or a lone surrogate.');
}

/** Well-formed Unicode without NUL. */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function refuse(reason: string, message: string): never {
  throw protocolError('BAD_REQUEST', message, { reason });
}
