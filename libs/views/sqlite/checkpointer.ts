import { Worker } from 'node:worker_threads';

/** Workers are loaded as compiled files, also when this module itself runs from source (under the test runner). */
const COMPILED = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/libs/views/sqlite/checkpointer-worker.js', import.meta.url)
  : new URL('./checkpointer-worker.js', import.meta.url);

/** Commits after which the write-ahead log is worth moving into the file. */
const CHECKPOINT_EVERY_COMMITS = 200;
/** The same in rows, for large transactions. */
const CHECKPOINT_EVERY_ROWS = 5_000;

/**
 * Moves the write-ahead log into the file on a thread of its own: on the committing thread its writes and fsyncs would stop
 * everything for tens of milliseconds, again and again. Started with the first need; when it fails, SQLite's own automatic
 * checkpoint on the committing thread takes over at a larger size.
 */
export class Checkpointer {
  #worker: Worker | undefined;
  #commits = 0;
  #rows = 0;
  #isBusy = false;

  constructor(private readonly file: string) {}

  committed(rows: number): void {
    this.#commits += 1;
    this.#rows += rows;
    if (this.#isBusy || (this.#commits < CHECKPOINT_EVERY_COMMITS && this.#rows < CHECKPOINT_EVERY_ROWS))
      return;
    this.#commits = this.#rows = 0;
    this.#isBusy = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(COMPILED, { workerData: this.file, name: 'views checkpointer' });
    worker.unref();
    worker.on('message', () => (this.#isBusy = false));
    // Stays busy for good: nothing is asked of a dead worker.
    worker.on('error', () => undefined);
    return worker;
  }
}
