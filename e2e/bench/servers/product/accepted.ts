import type { Outcome } from '#libs/kernel/errors/index.js';

/** @throws Error when the application refused what the benchmark prepares */
export function accepted<Value>(outcome: Outcome<Value>, what: string): Value {
  if (outcome.accepted) return outcome.value;
  throw new Error(`To ${what} was refused: ${outcome.rejection.code}, ${outcome.rejection.message}`);
}
