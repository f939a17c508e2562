import { Worker } from 'node:worker_threads';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptView } from '#libs/payments/contract/index.js';
import type { Cancel, Timers } from '#libs/runtime/port/index.js';
import {
  type Document,
  DocumentFailed,
  DocumentsClosed,
  DocumentsOverloaded,
  type ReceiptDocument,
} from '../port/index.js';
import type { DrawReply, DrawRequest } from './worker.js';

export interface PdfReceiptsOptions {
  readonly timers: Timers;
  /** The QR code holds this followed by the verification code, so that a phone opens the public check; default: the code alone. */
  readonly verificationPrefix?: string;
  /** Receipts waiting beside the one being drawn; default 128, some three seconds of work. */
  readonly maxWaiting?: number;
  /** For drawing one receipt, the start of the thread included; default 15,000. */
  readonly deadlineMs?: number;
}

interface Job {
  readonly request: DrawRequest;
  resolve(document: Document): void;
  reject(error: Error): void;
}

/** Receipts as PDF, drawn by one worker thread that starts with the first receipt and is replaced when it hangs or dies. */
export function pdfReceipts(options: PdfReceiptsOptions): ReceiptDocument {
  return new PdfReceipts(options);
}

class PdfReceipts implements ReceiptDocument {
  readonly #options: PdfReceiptsOptions;
  readonly #waiting: Job[] = [];
  #worker: Worker | undefined;
  #drawing: { readonly job: Job; readonly cancelDeadline: Cancel } | undefined;
  #closed = false;

  constructor(options: PdfReceiptsOptions) {
    this.#options = options;
  }

  render(receipt: ReceiptView, organisation: OrganisationView): Promise<Document> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new DocumentsClosed('No documents are drawn any more.'));
        return;
      }
      if (this.#waiting.length >= (this.#options.maxWaiting ?? 128)) {
        reject(new DocumentsOverloaded(`${this.#waiting.length} documents are waiting.`));
        return;
      }
      const verificationPrefix = this.#options.verificationPrefix ?? '';
      this.#waiting.push({ request: { receipt, organisation, verificationPrefix }, resolve, reject });
      this.#drawNext();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = new DocumentsClosed('Closed before the document was drawn.');
    for (const job of this.#waiting.splice(0)) job.reject(closed);
    this.#finish((job) => job.reject(closed));
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #drawNext(): void {
    if (this.#drawing || this.#closed) return;
    const job = this.#waiting.shift();
    if (!job) return;
    const worker = (this.#worker ??= this.#startWorker());
    const cancelDeadline = this.#options.timers.after(this.#options.deadlineMs ?? 15_000, () => {
      this.#replace(worker, new DocumentFailed('The receipt was not drawn in time.'));
    });
    this.#drawing = { job, cancelDeadline };
    // An idle thread must not keep a process alive; one at work must.
    worker.ref();
    worker.postMessage(job.request);
  }

  #startWorker(): Worker {
    const worker = new Worker(builtWorker());
    worker.on('message', (reply: DrawReply) => {
      if (worker !== this.#worker) return;
      worker.unref();
      this.#finish((job) => {
        if ('content' in reply) job.resolve({ mediaType: 'application/pdf', content: reply.content });
        else job.reject(new DocumentFailed(reply.failure));
      });
      this.#drawNext();
    });
    worker.on('error', (error) => this.#replace(worker, new DocumentFailed(error.message)));
    worker.on('exit', () => this.#replace(worker, new DocumentFailed('The drawing thread ended.')));
    return worker;
  }

  #replace(worker: Worker, reason: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    void worker.terminate();
    this.#finish((job) => job.reject(reason));
    this.#drawNext();
  }

  #finish(settle: (job: Job) => void): void {
    const drawing = this.#drawing;
    this.#drawing = undefined;
    drawing?.cancelDeadline();
    if (drawing) settle(drawing.job);
  }
}

/** Threads run compiled code; beside a TypeScript source its build is in dist/, which mirrors the tree. */
function builtWorker(): URL {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return new URL('worker.js', here);
  const at = here.lastIndexOf('/libs/');
  return new URL(`${here.slice(0, at)}/dist/libs/documents/pdf/worker.js`);
}
