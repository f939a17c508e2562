import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Longest wait for the product to answer /health/ready. */
const START_MS = 30_000;
const STOP_MS = 15_000;
const POLL_MS = 15;
/** Kept of what the child says, for the report of a failed start. */
const TAIL_CHARACTERS = 4_000;

export interface ProductOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built product as a child process on a data folder: started, killed, stopped by its process id. */
export class Product {
  #child: ChildProcess | undefined;
  #said = '';

  constructor(private readonly options: ProductOptions) {}

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Starts the process; does not wait for it. */
  launch(): void {
    const main = fileURLToPath(new URL(rootOf(import.meta.url, 'dist/apps/standalone/main.js')));
    const { dataDir, port, env } = this.options;
    // Whoever runs the harness may have settings of their own product in the environment.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(SLUICE_|PORT$|EVENTSTORE_|NODE_OPTIONS$)/.test(name),
    );
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: { ...Object.fromEntries(inherited), SLUICE_DATA_DIR: dataDir, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#said = '';
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-TAIL_CHARACTERS);
      });
    }
    this.#child = child;
  }

  /** Waits until it takes requests. @throws Error with what it said, when it ends or takes too long */
  async ready(): Promise<number> {
    const startedMs = performance.now();
    while (performance.now() - startedMs < START_MS) {
      if (this.#child?.exitCode !== null || this.#child.signalCode !== null) break;
      if (await answersReady(this.url)) return performance.now() - startedMs;
      await pause(POLL_MS);
    }
    const said = this.#said;
    await this.kill();
    throw new Error(`The product did not become ready. It said:\n${said}`);
  }

  /** SIGKILL: no handler runs, nothing is flushed by the process. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', STOP_MS);
  }

  /** SIGTERM, as an operator stops it. @returns milliseconds until it ended @throws Error when it takes too long or fails */
  async stop(): Promise<number> {
    const startedMs = performance.now();
    const code = await this.#end('SIGTERM', STOP_MS);
    if (code !== 0)
      throw new Error(`The product ended with ${code ?? 'a signal'} on SIGTERM. It said:\n${this.#said}`);
    return performance.now() - startedMs;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM', patienceMs: number): Promise<number | null> {
    const child = this.#child;
    if (!child) return 0;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    try {
      const [code] = (await ended) as [number | null];
      return code;
    } finally {
      clearTimeout(late);
    }
  }
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** A port that is free now; it stays the same over restarts, as an operator's would. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** A file of the project, seen from a module below e2e/ or from its build below dist/e2e/. */
function rootOf(here: string, file: string): string {
  const root = here.slice(0, here.lastIndexOf('/e2e/')).replace(/\/dist$/, '');
  return `${root}/${file}`;
}
