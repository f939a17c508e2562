const POLYNOMIAL = 0x1021;
const START = 0xffff;

/** The remainder of each possible first byte, so that a byte costs one look-up. */
const TABLE: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x8000 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1;
  }
  return remainder & 0xffff;
});

const utf8 = new TextEncoder();

/**
 * CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, not reflected, no final exclusive or) over the UTF-8 of the text, as EMVCo
 * wants it in tag 63. Finds every error within 16 neighbouring bits, so every edit of one ASCII character.
 */
export function crc16(text: string): number {
  let crc = START;
  for (const byte of utf8.encode(text)) crc = ((crc << 8) ^ TABLE[(crc >> 8) ^ byte]!) & 0xffff;
  return crc;
}

/** Four upper-case hexadecimal digits. */
export function crc16Text(text: string): string {
  return crc16(text).toString(16).toUpperCase().padStart(4, '0');
}
