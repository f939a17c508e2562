import { ViewRowRefused, ViewsUnavailable } from '../port/index.js';

/** Primary result codes that blame the row (https://sqlite.org/rescode.html): error (such as overflow), too big, constraint, mismatch, range. */
const OF_THE_ROW = new Set([1, 18, 19, 20, 25]);

/**
 * SQLite's primary result code, or `undefined` for an error of anybody else. Not by class: under the test runner errors of
 * Node's own modules come from another realm.
 */
export function resultCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return Number(error.errcode) & 0xff;
}

/** What node:sqlite threw while writing a row, as an error of the port. */
export function refusalOf(error: unknown): Error {
  const code = resultCodeOf(error);
  if (code === undefined || OF_THE_ROW.has(code))
    return new ViewRowRefused('The row was refused.', { cause: error });
  return unavailable(error);
}

export function unavailable(error: unknown): ViewsUnavailable {
  if (error instanceof ViewsUnavailable) return error;
  return new ViewsUnavailable(`The views cannot be used: ${(error as Error).message}`, {
    cause: error,
  });
}
