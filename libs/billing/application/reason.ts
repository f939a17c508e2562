import { InvalidInputError } from '#libs/kernel/errors/index.js';

const LONGEST_REASON = 500;

/** @throws InvalidInputError `INVALID_REASON` */
export function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= LONGEST_REASON) return;
  throw new InvalidInputError('INVALID_REASON', `A reason has 1 to ${LONGEST_REASON} characters.`, [
    'input',
    'reason',
  ]);
}
