/**
 * A payer's code as digits: `01`, 12 of chance, 6 of authentication. A card number has at most 19 digits and never begins
 * with 0 (ISO/IEC 7812-1), so that no scanner takes the code for one; it does not pass the Luhn check either.
 */
export const PAYER_CODE_PREFIX = '01';

const NONCE_DIGITS = 12;
const SEAL_DIGITS = 6;
const PAYER_CODE = /^01\d{18}$/;

export function isPayerCode(text: string): boolean {
  return PAYER_CODE.test(text);
}

/** @param chance 8 bytes, of which the modulus leaves no digit noticeably likelier (2⁶⁴ / 10¹²) */
export function nonceOf(chance: Uint8Array): string {
  return decimal(chance, NONCE_DIGITS);
}

/** @param seal at least 8 bytes of the authentication code of the nonce */
export function payerCodeOf(nonce: string, seal: Uint8Array): string {
  return PAYER_CODE_PREFIX + nonce + decimal(seal.subarray(0, 8), SEAL_DIGITS);
}

/** The part that the authentication is over. */
export function nonceIn(payerCode: string): string {
  return payerCode.slice(PAYER_CODE_PREFIX.length, PAYER_CODE_PREFIX.length + NONCE_DIGITS);
}

/** Whether the digits pass the check of card numbers (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

function decimal(bytes: Uint8Array, digits: number): string {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return (number % 10n ** BigInt(digits)).toString().padStart(digits, '0');
}
