/** Text from outside that is no JSON, holds a name twice, or is larger or deeper than allowed. `reason` is stable. */
export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson';
  constructor(
    readonly reason: 'tooLarge' | 'tooDeep' | 'notJson' | 'duplicateName' | 'unsafeName' | 'loneSurrogate',
    message: string,
  ) {
    super(message);
  }
}

export interface StrictJsonLimits {
  /** UTF-8 bytes of the text. */
  readonly maxBytes: number;
  readonly maxDepth: number;
}

/** Names that write to an object's prototype in code that copies carelessly; no schema of ours has them. */
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses text that is going to be hashed or signed. `JSON.parse` takes the last of two equal names and other parsers the first:
 * one text would say two things.
 *
 * @throws NotStrictJson
 */
export function parseStrictJson(text: string, { maxBytes, maxDepth }: StrictJsonLimits): unknown {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw new NotStrictJson('tooLarge', `More than ${maxBytes} bytes.`);
  }
  assertDepth(text, maxDepth);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotStrictJson('notJson', 'The text is no JSON.');
  }
  assertNames(text);
  return value;
}

/** Before parsing: a parser recurses as deep as it is told to. Brackets within texts do not count. */
function assertDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > maxDepth) throw new NotStrictJson('tooDeep', `Deeper than ${maxDepth} levels.`);
  }
}

/** The text is JSON by now: a text directly before a colon is a name, and belongs to the innermost object. */
function assertNames(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfText(text, at);
      const value = JSON.parse(text.slice(at, end + 1)) as string;
      if (!value.isWellFormed()) throw new NotStrictJson('loneSurrogate', 'A text holds half a character.');
      if (isName(text, end + 1)) assertName(value, open.at(-1));
      at = end;
    }
  }
}

function assertName(name: string, siblings: Set<string> | undefined): void {
  if (siblings?.has(name)) throw new NotStrictJson('duplicateName', 'An object has one name twice.');
  if (UNSAFE.has(name)) throw new NotStrictJson('unsafeName', 'A name that no document of ours has.');
  siblings?.add(name);
}

/** Index of the closing quote; of the end for a text that is not closed. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isName(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}
