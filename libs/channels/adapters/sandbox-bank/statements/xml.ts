/** Content of an element: text, one child or several; `undefined` leaves the element out. */
export type Content = string | Element | readonly (Element | undefined)[];

export interface Element {
  readonly name: string;
  readonly content: Content;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An element, or nothing where there is no content. */
export function element(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string>> = {},
): Element {
  return { name, content, attributes };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};
/** What XML 1.0 has no place for, not even escaped, becomes U+FFFD. */
function escaped(text: string): string {
  return Array.from(text, (character) =>
    isCharacter(character.codePointAt(0) as number) ? (ESCAPES[character] ?? character) : '\ufffd',
  ).join('');
}

/** Production [2] of XML 1.0. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x1_0000;
}

/** The document as text. Names are the writer's own; only contents and attribute values are escaped. */
export function document(root: Element): string {
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function write({ name, content, attributes }: Element, indent: string, lines: string[]): void {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const opening = `${indent}<${name}${written.join('')}>`;
  if (typeof content === 'string') {
    lines.push(`${opening}${escaped(content)}</${name}>`);
    return;
  }
  lines.push(opening);
  const children = Array.isArray(content)
    ? (content as readonly (Element | undefined)[])
    : [content as Element];
  for (const child of children) if (child) write(child, `${indent}  `, lines);
  lines.push(`${indent}</${name}>`);
}
