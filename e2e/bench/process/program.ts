import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { repositoryUrl } from './repository.js';

const POLL_MS = 10;
const PATIENCE_MS = 120_000;

export interface StartFigures {
  /** From the start of the process to the first answer that says ready. */
  readonly readyMs: number;
  /** Resident memory then, MiB. */
  readonly residentMiB: number;
}

/**
 * Starts a program, waits until it is ready, measures, and stops it with SIGTERM.
 *
 * @param entry compiled file below dist
 * @param readyPath answers 200 when the program is ready; any answer at all counts where `acceptAny` is set
 */
export async function measureStart(
  entry: string,
  environment: Readonly<Record<string, string>>,
  { readyPath, acceptAny = false }: { readonly readyPath: string; readonly acceptAny?: boolean },
): Promise<StartFigures> {
  const port = await freePort();
  const startedMs = performance.now();
  const program = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(repositoryUrl(`dist/${entry}`))],
    {
      env: { ...process.env, ...environment, PORT: String(port) },
      stdio: ['ignore', 'ignore', 2],
    },
  );
  const exited = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  try {
    await ready(program, { port, path: readyPath, acceptAny });
    return { readyMs: performance.now() - startedMs, residentMiB: residentMiBOf(program) };
  } finally {
    program.kill('SIGTERM');
    const kill = setTimeout(() => program.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(kill);
  }
}

interface Probe {
  readonly port: number;
  readonly path: string;
  readonly acceptAny: boolean;
}

async function ready(program: ChildProcess, probe: Probe): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAtMs) {
    if (program.exitCode !== null)
      throw new Error(`The program ended with ${program.exitCode} before it was ready.`);
    const status = await statusOf(probe);
    if (status === 200 || (probe.acceptAny && status !== undefined)) return;
    await pause(POLL_MS);
  }
  throw new Error('The program was not ready in time.');
}

function statusOf({ port, path }: Probe): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
  });
}

/** VmRSS of proc(5); NaN where there is no /proc. */
function residentMiBOf({ pid }: ChildProcess): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib) / 1_024;
  } catch {
    return Number.NaN;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
