import { InvalidInputError } from '#libs/kernel/errors/index.js';

const LONGEST_REASON = 200;
const LONGEST_SECRET = 256;
const REASON_CODE = /^[A-Z][A-Z0-9_]{0,39}$/;

/** @throws InvalidInputError `INVALID_REASON` */
export function assertReason(reason: string): void {
  if (isText(reason, LONGEST_REASON)) return;
  const message = `A reason has 1 to ${LONGEST_REASON} characters.`;
  throw new InvalidInputError('INVALID_REASON', message, ['input', 'reason']);
}

/** @throws InvalidInputError `INVALID_REASON_CODE` */
export function assertReasonCode(code: string): void {
  if (REASON_CODE.test(code)) return;
  const message = 'A reason code is 1 to 40 capital letters, digits or underscores, such as NOT_DELIVERED.';
  throw new InvalidInputError('INVALID_REASON_CODE', message, ['input', 'reasonCode']);
}

/** @throws InvalidInputError `INVALID_SECRET` */
export function assertSecret(secret: string): void {
  if (secret.length > 0 && secret.length <= LONGEST_SECRET && secret.isWellFormed()) return;
  const message = `A secret has 1 to ${LONGEST_SECRET} characters.`;
  throw new InvalidInputError('INVALID_SECRET', message, ['input', 'secret']);
}

function isText(text: string, longest: number): boolean {
  return text.trim() !== '' && text.length <= longest && text.isWellFormed();
}
