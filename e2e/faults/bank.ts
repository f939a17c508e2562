import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exchangeFiles } from '#apps/sandbox-bank/exchange.js';
import { NOTICES_PATH } from '#libs/channels/notices/http.js';
import { obtainOwnKeys, publishKeys } from '#libs/security/adapters/agreement-keys.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import { Child } from './child.js';
import { pause } from './product.js';

const START_MS = 15_000;
const POLL_MS = 15;

interface Facts {
  readonly notices: { readonly due?: number };
  readonly planned: number;
}

export interface BankOptions {
  /** Of the product: the keys are exchanged below it. */
  readonly dataDir: string;
  /** The bank's own books. */
  readonly booksDir: string;
  readonly port: number;
  /** Where the product listens for notices. */
  readonly productUrl: string;
  /** Milliseconds before an operation is taken, and before what comes late. */
  readonly delayMs: number;
  readonly noticeDelayMs: number;
}

/** The sandbox bank as a process of its own, which outlives the product; its books outlive both. */
export class BankProcess {
  readonly #child: Child;

  constructor(private readonly options: BankOptions) {
    const { dataDir, booksDir, port, productUrl, delayMs, noticeDelayMs } = options;
    this.#child = new Child('dist/apps/sandbox-bank/main.js', {
      SLUICE_SANDBOX_DIR: booksDir,
      SLUICE_SANDBOX_EXCHANGE_DIR: join(dataDir, 'bank'),
      SLUICE_SANDBOX_CALLBACK_URL: `${productUrl}${NOTICES_PATH}`,
      SLUICE_SANDBOX_PORT: String(port),
      SLUICE_SANDBOX_DELAY_MS: String(delayMs),
      SLUICE_SANDBOX_NOTICE_DELAY_MS: String(noticeDelayMs),
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Both parties read each other's keys when they start: ours are made here, before the product itself would. */
  static async exchangeKeys(dataDir: string): Promise<void> {
    const folder = join(dataDir, 'bank');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = await obtainOwnKeys(join(folder, 'sluice-keys.json'), 'sluice', [DEMO_TENANT]);
    await publishKeys(exchangeFiles(folder).sluicePublic, own);
  }

  /** Resolves when it answers. @throws Error with what it said */
  async start(): Promise<void> {
    this.#child.launch();
    const startedMs = performance.now();
    while (performance.now() - startedMs < START_MS && this.#child.runs) {
      if (await this.#answers()) return;
      await pause(POLL_MS);
    }
    const { said } = this.#child;
    await this.kill();
    throw new Error(`The bank did not start. It said:\n${said}`);
  }

  /**
   * Has every notice brought again at once: after an hour's outage the bank waits for minutes between its attempts, which
   * nobody who only wants to know how it ends has to wait for.
   */
  async hurry(): Promise<void> {
    await this.kill();
    const books = new DatabaseSync(join(this.options.booksDir, 'books.db'));
    books.exec("UPDATE notices SET next_ms = 0, attempts = 0 WHERE state = 'due'");
    books.close();
    await this.start();
  }

  /** Notices that the product has not taken yet, and what the bank is about to do. */
  async undelivered(): Promise<number> {
    const { notices, planned } = (await (await fetch(`${this.url}/sandbox/facts`)).json()) as Facts;
    return (notices.due ?? 0) + planned;
  }

  kill(): Promise<number | null> {
    return this.#child.end('SIGKILL');
  }

  /** One line per operation, as the checker reads them. */
  async effects(): Promise<string[]> {
    const response = await fetch(`${this.url}/sandbox/effects`);
    const { effects } = (await response.json()) as { readonly effects: readonly unknown[] };
    return effects.map((effect) => JSON.stringify(effect));
  }

  async #answers(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/sandbox/facts`, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
