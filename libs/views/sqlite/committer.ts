import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { ViewRowRefused, ViewsUnavailable } from '../port/index.js';
import type { NewStatements, RowWrites, StatementNumbers } from './row-writes.js';
import { Transactions, type ViewCommit } from './transactions.js';

/** Workers are loaded as compiled files, also when this module itself runs from source (under the test runner). */
const COMPILED = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/libs/views/sqlite/commit-worker.js', import.meta.url)
  : new URL('./commit-worker.js', import.meta.url);

/** Page cache of the worker's connection, KiB; only what is touched takes memory. */
const WORKER_CACHE_KIB = 65_536;

export type ToCommitWorker = ViewCommit | 'close';
export interface FromCommitWorker {
  readonly failure: { readonly isRefusal: boolean; readonly text: string } | undefined;
}

interface UnderWay {
  resolve(): void;
  reject(error: Error): void;
}

export interface CommitterParts {
  /** The views' data file, and the calling thread's connection to it. */
  readonly file: string;
  readonly database: DatabaseSync;
  /** Row operations from which on a transaction is large. */
  readonly largeFrom: number;
  /** Of the worker; default: the compiled one beside this file. */
  readonly entry?: URL;
}

/**
 * Commits small transactions on the calling thread: they take less than the way to another one. Large ones, of busy times
 * and rebuilds, go to a worker, started with the first of them, because they would stop everything else for milliseconds.
 * One writes at a time: while the worker is busy everything goes to it, in order.
 */
export class Committer {
  readonly #here: Transactions;
  #toldHere: NewStatements | undefined;
  #toldWorker: NewStatements | undefined;
  #worker: Worker | undefined;
  #largeFrom: number;
  readonly #underWay: UnderWay[] = [];
  #idle: (() => void)[] = [];

  constructor(
    private readonly parts: CommitterParts,
    private readonly numbers: StatementNumbers,
  ) {
    this.#here = new Transactions(parts.database);
    this.#largeFrom = parts.largeFrom;
  }

  /** @throws ViewRowRefused, ViewsUnavailable (also when the worker's answer was lost: the checkpoint tells) */
  async commit(owner: string, checkpoint: string, writes: RowWrites): Promise<void> {
    if (this.#underWay.length === 0 && writes.statements.length < this.#largeFrom) {
      const news = (this.#toldHere = this.numbers.since(this.#toldHere));
      this.#here.commit({ owner, checkpoint, news, writes });
      return;
    }
    this.#worker ??= this.#start();
    const news = (this.#toldWorker = this.numbers.since(this.#toldWorker));
    this.#worker.postMessage({ owner, checkpoint, news, writes } satisfies ToCommitWorker);
    // Only what is under way keeps the program alive.
    this.#worker.ref();
    await new Promise<void>((resolve, reject) => this.#underWay.push({ resolve, reject }));
  }

  /** Work on the calling thread's own connection, once the worker has nothing to do. */
  async alone(work: (transactions: Transactions) => void): Promise<void> {
    await this.idle();
    work(this.#here);
  }

  async idle(): Promise<void> {
    while (this.#underWay.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    await this.idle();
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close' satisfies ToCommitWorker);
    await ended;
  }

  #start(): Worker {
    const { file, entry = COMPILED } = this.parts;
    const workerData = { file, cacheKib: WORKER_CACHE_KIB };
    const worker = new Worker(entry, { workerData, name: 'views committer' });
    worker.on('message', ({ failure }: FromCommitWorker) => {
      const { resolve, reject } = this.#underWay.shift()!;
      if (!failure) resolve();
      else reject(failure.isRefusal ? new ViewRowRefused(failure.text) : new ViewsUnavailable(failure.text));
      if (this.#underWay.length === 0) worker.unref();
      this.#wakeIdle();
    });
    worker.on('error', (cause) => this.#lost(worker, cause));
    worker.on('exit', () => this.#lost(worker, undefined));
    return worker;
  }

  /** From here on everything is done on the calling thread: slower for the others, but done. */
  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#largeFrom = Number.POSITIVE_INFINITY;
    const error = new ViewsUnavailable('The thread that writes the views has ended.', { cause });
    for (const { reject } of this.#underWay.splice(0)) reject(error);
    this.#wakeIdle();
  }

  #wakeIdle(): void {
    if (this.#underWay.length > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }
}
