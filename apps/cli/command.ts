/** One subcommand of the command-line tool. */
export interface Command {
  readonly name: string;
  /** One line for the overview, English and Chinese. */
  readonly summary: string;
  /** Arguments and options, for `--help`. */
  readonly usage: string;
  /** @returns the exit code: 0 done, 1 the answer is "no", 2 it could not be asked */
  run(args: readonly string[], io: Io): Promise<number>;
}

export interface Io {
  /** Standard output: what was asked for. Resolves when the reader can take more. */
  write(text: string): Promise<void>;
  /** Standard error: everything else. */
  say(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the user can put right; printed without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const DATA_DIR_OPTION = { 'data-dir': { type: 'string' } } as const;
export const LOG_OPTIONS = { ...DATA_DIR_OPTION, 'eventstore-url': { type: 'string' } } as const;

export const LOG_USAGE = `  --data-dir <folder>     folder of the embedded log; default SLUICE_DATA_DIR or ./data
  --eventstore-url <url>  read an EventStoreDB instead, esdb://host:2113?tls=false; default SLUICE_EVENTSTORE_URL`;

export function dataDirOf(values: { readonly 'data-dir'?: string }, { env }: Io): string {
  return values['data-dir'] ?? env['SLUICE_DATA_DIR'] ?? './data';
}
