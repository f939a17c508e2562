import { once } from 'node:events';
import { createServer } from 'node:net';
import { Child } from './child.js';

/** Longest wait for the product to answer /health/ready. */
const START_MS = 30_000;
const POLL_MS = 15;

export interface ProductOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built product as a child process on a data folder. */
export class Product {
  readonly #child: Child;

  constructor(private readonly options: ProductOptions) {
    const { dataDir, port, env } = options;
    this.#child = new Child('dist/apps/standalone/main.js', {
      SLUICE_DATA_DIR: dataDir,
      PORT: String(port),
      ...env,
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Starts the process; does not wait for it. */
  launch(): void {
    this.#child.launch();
  }

  /** Waits until it takes requests. @throws Error with what it said, when it ends or takes too long */
  async ready(): Promise<number> {
    const startedMs = performance.now();
    while (performance.now() - startedMs < START_MS && this.#child.runs) {
      if (await answersReady(this.url)) return performance.now() - startedMs;
      await pause(POLL_MS);
    }
    const { said } = this.#child;
    await this.kill();
    throw new Error(`The product did not become ready. It said:\n${said}`);
  }

  /** Whether it ended by itself within the time. */
  ended(patienceMs: number): Promise<boolean> {
    return this.#child.ended(patienceMs);
  }

  /** SIGKILL: no handler runs, nothing is flushed by the process. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#child.end('SIGKILL');
  }

  /** SIGTERM, as an operator stops it. @returns milliseconds until it ended @throws Error when it takes too long or fails */
  async stop(): Promise<number> {
    const startedMs = performance.now();
    const code = await this.#child.end('SIGTERM');
    if (code !== 0)
      throw new Error(
        `The product ended with ${code ?? 'a signal'} on SIGTERM. It said:\n${this.#child.said}`,
      );
    return performance.now() - startedMs;
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
