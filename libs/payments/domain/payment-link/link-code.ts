import { base32Of } from '../base32.js';

/** 125 bits: nobody guesses one. */
const LINK_CODE = /^[0-9A-HJKMNP-TV-Z]{25}$/;
const BYTES = 16;

/** @param seal of the link's seed, at least 16 bytes */
export function linkCodeOf(seal: Uint8Array): string {
  return base32Of(seal.subarray(0, BYTES));
}

export function isLinkCode(text: string): boolean {
  return LINK_CODE.test(text);
}
