import canonicalize from 'canonicalize';

export interface CanonicalLimits {
  /** UTF-8 bytes of the result; default 1 MiB. */
  readonly maxBytes?: number;
  /** Objects and arrays within each other; default 32. */
  readonly maxDepth?: number;
}

/** The value has no RFC 8785 form, or a longer or deeper one than is allowed. `reason` is stable. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
  constructor(
    readonly reason: 'tooLarge' | 'tooDeep' | 'notJson' | 'loneSurrogate',
    message: string,
  ) {
    super(message);
  }
}

const DEFAULT_BYTES = 1_048_576;
const DEFAULT_DEPTH = 32;

/**
 * RFC 8785: names sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. Only what JSON can say is taken:
 * the package below drops `undefined` and functions and asks `toJSON`, so that two different values would get one signature.
 *
 * @throws NotCanonical for `undefined`, bigint, functions, symbols, NaN, infinities, holes, class instances, cycles, lone surrogates
 */
export function canonicalJson(value: unknown, limits: CanonicalLimits = {}): string {
  const { maxBytes = DEFAULT_BYTES, maxDepth = DEFAULT_DEPTH } = limits;
  const walk: Walk = { maxDepth, budget: maxBytes };
  assertJson(value, walk, 0);
  const text = canonicalize(value);
  if (text === undefined) throw new NotCanonical('notJson', 'The value has no JSON.');
  if (Buffer.byteLength(text) > maxBytes) throw tooLarge(maxBytes);
  return text;
}

interface Walk {
  readonly maxDepth: number;
  /** Bytes that the rest may need at the least; stops a huge value before its text is written. */
  budget: number;
}

/** A cycle ends at the greatest depth. */
function assertJson(value: unknown, walk: Walk, depth: number): void {
  walk.budget -= 1;
  if (walk.budget < 0) throw new NotCanonical('tooLarge', 'The value is too large.');
  switch (typeof value) {
    case 'string':
      assertText(value, walk);
      return;
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical('notJson', `${value} is no JSON number.`);
      return;
    case 'object':
      if (value === null) return;
      if (depth >= walk.maxDepth) throw new NotCanonical('tooDeep', `Deeper than ${walk.maxDepth} levels.`);
      if (Array.isArray(value)) assertArray(value, walk, depth);
      else assertObject(value, walk, depth);
      return;
    default:
      throw new NotCanonical('notJson', `JSON has no ${typeof value}.`);
  }
}

function assertArray(items: readonly unknown[], walk: Walk, depth: number): void {
  // By index: a hole is `undefined` and refused.
  for (let index = 0; index < items.length; index += 1) assertJson(items[index], walk, depth + 1);
}

function assertObject(value: object, walk: Walk, depth: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object of another realm (a worker, a test's own) has a prototype without one of its own.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new NotCanonical('notJson', 'Only plain objects have a JSON form.');
  }
  for (const [name, part] of Object.entries(value)) {
    assertText(name, walk);
    assertJson(part, walk, depth + 1);
  }
}

function assertText(text: string, walk: Walk): void {
  walk.budget -= text.length;
  if (walk.budget < 0) throw new NotCanonical('tooLarge', 'The value is too large.');
  if (!text.isWellFormed()) throw new NotCanonical('loneSurrogate', 'A text holds half a character.');
}

function tooLarge(maxBytes: number): NotCanonical {
  return new NotCanonical('tooLarge', `More than ${maxBytes} bytes.`);
}
