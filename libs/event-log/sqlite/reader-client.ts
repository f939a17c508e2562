import type { Worker } from 'node:worker_threads';
import { LogClosed, LogOverloaded, LogUnavailable } from '#libs/event-log/port/index.js';
import { errorOf } from './failure.js';
import type { FromReader, ReadAnswer, ReadQuery, ToReader } from './protocol.js';

/** Reads waiting or under way; a page each at most. */
const MAX_READS = 4_096;

interface Waiting {
  resolve(answer: ReadAnswer): void;
  reject(error: Error): void;
}

/** Asks the reading worker for pages. */
export class ReaderClient {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private refusal: Error | undefined;
  private checkpointUnderWay = false;
  onCheckpointed: () => void = () => undefined;

  constructor(private readonly worker: Worker) {}

  read(query: ReadQuery): Promise<ReadAnswer> {
    if (this.refusal) return Promise.reject(this.refusal);
    if (this.waiting.size >= MAX_READS)
      return Promise.reject(new LogOverloaded(`${MAX_READS} reads are under way; try later.`));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ op: 'read', id, query } satisfies ToReader);
    });
  }

  checkpoint(): void {
    if (this.checkpointUnderWay || this.refusal) return;
    this.checkpointUnderWay = true;
    this.worker.postMessage({ op: 'checkpoint' } satisfies ToReader);
  }

  receive(message: FromReader): void {
    switch (message.op) {
      case 'answer':
        this.take(message.id)?.resolve(message.answer);
        return;
      case 'failed':
        this.take(message.id)?.reject(errorOf(message.failure));
        return;
      case 'checkpointed':
        this.checkpointUnderWay = false;
        this.onCheckpointed();
        return;
      default:
        return;
    }
  }

  close(): void {
    this.stop(new LogClosed('The event log is closed.'));
  }

  lost(error: Error): void {
    this.stop(new LogUnavailable(`The event log's reader stopped: ${error.message}`, { cause: error }));
  }

  private stop(reason: Error): void {
    this.refusal ??= reason;
    for (const waiting of this.waiting.values()) waiting.reject(reason);
    this.waiting.clear();
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}
