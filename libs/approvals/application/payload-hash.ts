import { canonicalJson as rfc8785, sha256Hex } from '#libs/signatures/canonical/index.js';

/** More than any act shown to a person needs. */
const MOST_ENTRIES = 50;
const LONGEST_VALUE = 2_000;
const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

/** SHA-256 over the UTF-8 of the payload's RFC 8785 form, hex. @throws TypeError for a payload that no checker could read */
export function payloadHashOf(payload: Readonly<Record<string, string>>): string {
  return sha256Hex(canonicalJson(payload));
}

/**
 * RFC 8785 for an object of strings, within what a person can read.
 *
 * @throws TypeError for too many or too long entries, and for a lone surrogate, which has no UTF-8
 */
export function canonicalJson(payload: Readonly<Record<string, string>>): string {
  const names = Object.keys(payload);
  if (names.length === 0 || names.length > MOST_ENTRIES) {
    throw new TypeError(`A payload has 1 to ${MOST_ENTRIES} entries.`);
  }
  for (const name of names) {
    const value = payload[name]!;
    if (!NAME.test(name))
      throw new TypeError('A name in a payload is 1 to 64 letters, digits, ".", "_" or "-".');
    if (value.length > LONGEST_VALUE) throw new TypeError(`${name} is longer than ${LONGEST_VALUE}.`);
    if (!value.isWellFormed()) throw new TypeError(`${name} holds half a character.`);
  }
  return rfc8785(payload);
}
