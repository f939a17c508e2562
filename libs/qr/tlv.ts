import type { Outcome } from '#libs/kernel/errors/index.js';
import { refusal, type QrRefusal } from './faults.js';

/** One data object: two digits of tag, and 1 to 99 characters. */
export interface QrField {
  readonly tag: string;
  readonly value: string;
}

const HEAD = 4;
const TWO_DIGITS = /^\d\d$/;

/**
 * Takes a sequence of data objects apart. Lengths count characters, so the text comes as a list of them (code points): one
 * 佳 is one character, although three bytes.
 */
export function readFields(
  characters: readonly string[],
  of?: string,
): Outcome<readonly QrField[], QrRefusal> {
  const fields: QrField[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < characters.length;) {
    const tag = characters.slice(at, at + 2).join('');
    const length = characters.slice(at + 2, at + HEAD).join('');
    if (!TWO_DIGITS.test(tag) || !TWO_DIGITS.test(length) || length === '00') {
      return refused('TLV_MALFORMED', 'A tag and a length have two digits each.', of);
    }
    const end = at + HEAD + Number(length);
    if (end > characters.length) return refused('TLV_OVERRUN', 'A value reaches beyond its end.', of ?? tag);
    if (seen.has(tag)) return refused('TAG_REPEATED', 'A tag occurs twice.', of ?? tag);
    seen.add(tag);
    fields.push({ tag, value: characters.slice(at + HEAD, end).join('') });
    at = end;
  }
  return { accepted: true, value: fields };
}

export function writeField({ tag, value }: QrField): string {
  return `${tag}${String(lengthOf(value)).padStart(2, '0')}${value}`;
}

export function writeFields(fields: readonly QrField[]): string {
  return fields.map(writeField).join('');
}

/** In characters as EMVCo counts them: Unicode code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function refused(code: QrRefusal['code'], message: string, tag?: string) {
  return { accepted: false, rejection: refusal(code, message, tag) } as const;
}
