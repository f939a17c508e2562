import { ViewRowRefused, ViewsUnavailable } from '../port/index.js';

/** Primary result codes that blame the row (https://sqlite.org/rescode.html): error (such as overflow), too big, constraint, mismatch, range. */
const OF_THE_ROW = new Set([1, 18, 19, 20, 25]);

/** What node:sqlite threw while writing a row, as an error of the port. */
export function refusalOf(error: unknown): Error {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  if (code === undefined || OF_THE_ROW.has(code))
    return new ViewRowRefused('The row was refused.', { cause: error });
  return unavailable(error);
}

export function unavailable(error: unknown): ViewsUnavailable {
  if (error instanceof ViewsUnavailable) return error;
  return new ViewsUnavailable(
    `The views cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );
}
