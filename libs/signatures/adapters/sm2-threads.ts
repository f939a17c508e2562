import { Worker } from 'node:worker_threads';
import type { Cancel, Timers } from '#libs/runtime/port/index.js';
import {
  type SignatureToVerify,
  SignatureVerifierOverloaded,
  SignatureVerifierUnavailable,
} from '../port/index.js';
import { rawBytes } from './raw-bytes.js';
import type { Sm2Reply, Sm2Request } from './sm2-worker.js';

export interface Sm2ThreadsOptions {
  readonly timers: Timers;
  readonly threads: number;
  readonly maxWaiting: number;
  readonly deadlineMs: number;
  /** Entry of a thread; default: the one beside this file. */
  readonly entry?: URL;
}

interface Job {
  readonly request: Sm2Request;
  readonly cancelDeadline: Cancel;
  resolve(good: boolean): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | undefined;
}

const KEY_BYTES = 65;
const SIGNATURE_BYTES = 64;

/**
 * A few threads that start with the first signature. The deadline counts from the asking; a thread that is at work when it runs
 * out is ended and another one takes its place.
 */
export class Sm2Threads {
  readonly #options: Sm2ThreadsOptions;
  readonly #waiting: Job[] = [];
  readonly #threads = new Set<Thread>();
  #closed = false;

  constructor(options: Sm2ThreadsOptions) {
    this.#options = options;
  }

  verify(signed: SignatureToVerify): Promise<boolean> {
    const publicKey = rawBytes(signed.publicKey, KEY_BYTES);
    const signature = rawBytes(signed.sig, SIGNATURE_BYTES);
    if (!publicKey || !signature) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new SignatureVerifierUnavailable('The verifier is closed.'));
      if (this.#waiting.length >= this.#options.maxWaiting) {
        return reject(new SignatureVerifierOverloaded(`${this.#waiting.length} signatures are waiting.`));
      }
      const request = { publicKey, message: signed.message, signature };
      const cancelDeadline = this.#options.timers.after(this.#options.deadlineMs, () => this.#expire(job));
      const job: Job = { request, cancelDeadline, resolve, reject };
      this.#waiting.push(job);
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = new SignatureVerifierUnavailable('Closed before the signature was verified.');
    for (const job of this.#waiting.splice(0)) fail(job, closed);
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const { job } of threads) if (job) fail(job, closed);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const thread = this.#idleThread();
      if (!thread) return;
      const job = this.#waiting.shift();
      if (!job) return;
      thread.job = job;
      // An idle thread must not keep a process alive; one at work must.
      thread.worker.ref();
      thread.worker.postMessage(job.request);
    }
  }

  #idleThread(): Thread | undefined {
    for (const thread of this.#threads) if (!thread.job) return thread;
    return this.#threads.size < this.#options.threads ? this.#start() : undefined;
  }

  #start(): Thread {
    const worker = new Worker(this.#options.entry ?? builtWorker(), { name: 'sm2' });
    const thread: Thread = { worker, job: undefined };
    this.#threads.add(thread);
    worker.on('message', (good: Sm2Reply) => {
      const { job } = thread;
      thread.job = undefined;
      worker.unref();
      job?.cancelDeadline();
      job?.resolve(good);
      this.#assign();
    });
    worker.on('error', (error) => this.#drop(thread, error.message));
    worker.on('exit', () => this.#drop(thread, 'The thread ended.'));
    return thread;
  }

  #expire(job: Job): void {
    const late = new SignatureVerifierUnavailable('The signature was not verified in time.');
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    for (const thread of this.#threads) if (thread.job === job) this.#drop(thread, late.message);
    job.reject(late);
  }

  #drop(thread: Thread, reason: string): void {
    if (!this.#threads.delete(thread)) return;
    void thread.worker.terminate();
    if (thread.job) fail(thread.job, new SignatureVerifierUnavailable(reason));
    thread.job = undefined;
    this.#assign();
  }
}

function fail(job: Job, error: Error): void {
  job.cancelDeadline();
  job.reject(error);
}

/** Threads run compiled code; beside a TypeScript source its build is in dist/, which mirrors the tree. */
function builtWorker(): URL {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return new URL('sm2-worker.js', here);
  const at = here.lastIndexOf('/libs/');
  return new URL(`${here.slice(0, at)}/dist/libs/signatures/adapters/sm2-worker.js`);
}
