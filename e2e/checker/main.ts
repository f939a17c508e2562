/**
 * node dist/e2e/checker/main.js --log export.ndjson [--acks acks.ndjson] [--views views.ndjson] [--effects effects.ndjson]
 *   [--reasons open.ndjson] [--running] [--json]
 * `-` reads standard input. Exit code 0: everything looked at holds; 1: something is violated; 2: unreadable input.
 */
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkLog, type CheckReport } from './check.js';
import { tableOf } from './table.js';

const USAGE =
  'checker --log <file|-> [--acks <file>] [--views <file>] [--effects <file>] [--reasons <file>] [--running] [--json]';

/** Ends lines at line feeds only: node:readline also splits at U+2028, which JSON text may hold as it is. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  input.setEncoding('utf8');
  let rest = '';
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

export interface CheckFiles {
  readonly log: string;
  readonly acks?: string;
  readonly views?: string;
  /** Of the bank. */
  readonly effects?: string;
  /** Why something is open, by the product. */
  readonly reasons?: string;
  readonly atRest: boolean;
  /** ISO 8601; absent: when the last event was recorded. */
  readonly restedAt?: string;
}

/** `checkLog` over files. @throws UnreadableInput, and what reading a file throws */
export function checkFiles({
  log,
  acks,
  views,
  effects,
  reasons,
  atRest,
  restedAt,
}: CheckFiles): Promise<CheckReport> {
  return checkLog({
    log: linesOf(log),
    ...(acks !== undefined && { acknowledgements: linesOf(acks) }),
    ...(views !== undefined && { views: linesOf(views) }),
    ...(effects !== undefined && { effects: linesOf(effects) }),
    ...(reasons !== undefined && { reasons: linesOf(reasons) }),
    ...(restedAt !== undefined && { restedAt }),
    atRest,
  });
}

/** @returns the exit code */
export async function runChecker(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      log: { type: 'string' },
      acks: { type: 'string' },
      views: { type: 'string' },
      effects: { type: 'string' },
      reasons: { type: 'string' },
      running: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.log === undefined) {
    print(`Usage: ${USAGE}`);
    return 2;
  }
  const { running, json, log, ...files } = values;
  const report = await checkFiles({ log, ...files, atRest: !running });
  print(json ? JSON.stringify(report) : tableOf(report));
  return report.holds ? 0 : 1;
}

if (import.meta.main) {
  try {
    process.exitCode = await runChecker(process.argv.slice(2), (text) => process.stdout.write(`${text}\n`));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
