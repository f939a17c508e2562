import { InvalidInputError } from '../errors/index.js';

/** Longest key, UTF-16 code units: room for a UUID with a prefix, too little to store anything in. */
const LONGEST_KEY = 128;

/** @throws InvalidInputError `INVALID_IDEMPOTENCY_KEY` for an empty, blank or overlong key */
export function assertIdempotencyKey(key: string): void {
  if (key.trim() !== '' && key.length <= LONGEST_KEY) return;
  throw new InvalidInputError(
    'INVALID_IDEMPOTENCY_KEY',
    `An idempotency key has 1 to ${LONGEST_KEY} characters.`,
    ['input', 'idempotencyKey'],
  );
}
