import { hash } from 'node:crypto';

/** Namespaces of derived ids. Random once, fixed for good: changing one changes every id derived in it. */
export const UUID_NAMESPACES = {
  event: '5b0f4d5e-5a3c-4f1b-9a0e-3f2f6f0c7d11',
  command: 'a2b7c9d4-6d1e-4c58-8e7f-0d6b1f9c4e22',
  entity: 'e9d3f1a6-0b7c-4e2d-b5a8-7c4e2d9f1b33',
} as const;

const VARIANT = ['8', '9', 'a', 'b'] as const;

/**
 * A UUID that depends on nothing but its arguments: the same names give the same id on every machine, for good.
 *
 * Version 8 of RFC 9562 (custom), made as its appendix B.2 does: the first 128 bits of a SHA-256 with version and variant
 * set. What is hashed is the UTF-8 of the namespace in lower case, then for each name `\n`, its length in UTF-16 code
 * units, `:` and the name itself; the length keeps `('ab', 'c')` and `('a', 'bc')` apart.
 */
export function deriveUuid(namespace: string, ...names: readonly string[]): string {
  let text = namespace;
  for (const name of names) text += `\n${name.length}:${name}`;
  return uuidFromHex(hash('sha256', text, 'hex'));
}

/** Version 8 out of the first 128 bits of a hash in hex. */
export function uuidFromHex(hex: string): string {
  const variant = VARIANT[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
