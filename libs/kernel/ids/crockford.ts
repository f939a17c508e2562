const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A short code for people out of a hash-based UUID: Crockford base 32 (no I, L, O, U), 5 bits a character, at most 12.
 * Uses the first and the last 32 bits of the UUID, where neither version nor variant stands.
 */
export function crockfordOf(uuid: string, length: 10 | 12): string {
  const half = length / 2;
  return (
    digits(Number.parseInt(uuid.slice(0, 8), 16), half) + digits(Number.parseInt(uuid.slice(-8), 16), half)
  );
}

function digits(bits: number, length: number): string {
  let text = '';
  let left = bits;
  for (let index = 0; index < length; index += 1) {
    text += ALPHABET[left & 31];
    left >>>= 5;
  }
  return text;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
