import { InvalidInputError } from '#libs/kernel/errors/index.js';

const LONGEST_REASON = 200;

/** @throws InvalidInputError `INVALID_REASON` */
export function assertReason(reason: string): void {
  const length = reason.trim().length;
  if (length > 0 && length <= LONGEST_REASON) return;
  throw new InvalidInputError('INVALID_REASON', `A reason has 1 to ${LONGEST_REASON} characters.`, [
    'input',
    'reason',
  ]);
}
