const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const HALF = 6;

/**
 * A code of 12 characters for people out of a hash-based UUID: Crockford base 32 (no I, L, O, U), 5 bits a character.
 * Uses 30 of the first and of the last 32 bits of the UUID, where neither version nor variant stands.
 */
export function crockfordOf(uuid: string): string {
  return digits(Number.parseInt(uuid.slice(0, 8), 16)) + digits(Number.parseInt(uuid.slice(-8), 16));
}

function digits(bits: number): string {
  let text = '';
  let left = bits;
  for (let index = 0; index < HALF; index += 1) {
    text += ALPHABET[left & 31];
    left >>>= 5;
  }
  return text;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
