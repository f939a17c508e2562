import type { ClaimedIdentity, IdentityAnswer, IdentityCheck } from '#libs/security/port/index.js';

/** A region that no register knows (GB/T 2260): the numbers of the demo begin with it. */
const DEMO_REGION = '999999';
const FORM = /^\d{17}[\dX]$/;

/**
 * Confirms the numbers of the demo and no others. They begin with a region that does not exist and end in a wrong check digit, so
 * that none can ever be a person's. A number with the right check digit may be somebody's: it is answered `unknown`, because
 * nobody's number belongs into a demo.
 */
export const demoIdentityCheck: IdentityCheck = { check: (claimed) => Promise.resolve(answerTo(claimed)) };

/** Where no register is connected: nobody is confirmed. */
export const noIdentityCheck: IdentityCheck = {
  check: () => Promise.resolve({ confirmed: false, reason: 'unknown' }),
};

function answerTo({ name, number }: ClaimedIdentity): IdentityAnswer {
  if (name.trim() === '' || !FORM.test(number) || !birthdayExists(number)) {
    return { confirmed: false, reason: 'malformed' };
  }
  const right = checkDigitOf(number) === number[17];
  if (number.startsWith(DEMO_REGION))
    return right ? { confirmed: false, reason: 'unknown' } : { confirmed: true };
  return { confirmed: false, reason: right ? 'unknown' : 'checkDigit' };
}

function birthdayExists(number: string): boolean {
  const day = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const epochMs = Date.parse(`${day}T00:00:00.000Z`);
  return (
    Number(number.slice(6, 10)) >= 1900 &&
    !Number.isNaN(epochMs) &&
    new Date(epochMs).toISOString().startsWith(day)
  );
}

/** ISO 7064 MOD 11-2 over the first 17 digits (GB 11643). */
function checkDigitOf(number: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += Number(number[index]) * (2 ** (17 - index) % 11);
  return '10X98765432'[sum % 11]!;
}
