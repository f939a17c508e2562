import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';

export function impossible(type: string, why: string): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${type} ${why}.`);
}
