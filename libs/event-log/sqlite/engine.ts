import { pid } from 'node:process';
import type { Worker } from 'node:worker_threads';
import { LogUnavailable, type ExpectedRevision } from '#libs/event-log/port/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { KIND_APPEND, KIND_DELETE, KIND_TOMBSTONE } from './append-frame.js';
import type {
  AllPage,
  AllReadRequest,
  Appended,
  AppendOutcome,
  DeleteOutcome,
  LogEngine,
  LogEngineOptions,
  RawAppend,
  StreamListEntry,
  StreamListRequest,
  StreamPage,
  StreamReadRequest,
} from './engine-api.js';
import { eventsOf, type PageEvent } from './page-events.js';
import type { FromReader, FromWriter, ReadAnswer, ReadQuery, WorkerData } from './protocol.js';
import { ReaderClient } from './reader-client.js';
import { regexOf } from './name-tests.js';
import { LogTail } from './log-tail.js';
import { startWorker } from './worker-thread.js';
import { WriterClient } from './writer-client.js';

const DEFAULT_LIMITS = {
  maxQueuedAppends: 16_384,
  maxQueuedBytes: 64 * 1_048_576,
  maxAppendBytes: 1_048_576,
};

export type EngineRuntime = Pick<Runtime, 'clock' | 'timers'>;

/**
 * Opens or founds an event log.
 *
 * @throws LogFileUnusable in use by another process, not an event log, or written by a newer version
 * @throws LogDamaged, LogUnavailable
 */
export async function openLogEngine(options: LogEngineOptions, runtime: EngineRuntime): Promise<LogEngine> {
  const data: WorkerData = {
    file: options.file,
    pid,
    maxPageCount: options.maxPageCount,
    checkedBytes: options.checkedBytes,
    gathering: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
  };
  const writer = await startWorker<FromWriter>('writer/worker.js', data);
  try {
    const reader = await startWorker<FromReader>('reader/worker.js', data);
    const client = new WriterClient(
      writer.worker,
      runtime,
      { ...DEFAULT_LIMITS, ...definedLimits(options) },
      data.gathering,
    );
    client.lastPosition = writer.ready.lastPosition;
    return new WorkerLogEngine(writer.worker, reader.worker, client, runtime);
  } catch (error) {
    await writer.worker.terminate();
    throw error;
  }
}

function definedLimits(options: LogEngineOptions): Partial<typeof DEFAULT_LIMITS> {
  const { maxQueuedAppends, maxQueuedBytes, maxAppendBytes } = options;
  return Object.fromEntries(
    Object.entries({ maxQueuedAppends, maxQueuedBytes, maxAppendBytes }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

class WorkerLogEngine implements LogEngine {
  private readonly reads: ReaderClient;
  private readonly closeListeners = new Set<() => void>();
  private readonly listeners = new Set<(appended: Appended) => void>();
  private readonly tail = new LogTail({
    lastPosition: () => this.lastPosition(),
    read: async (from, limit) => (await this.pageOfAll({ direction: 'forwards', from, limit })).events,
  });
  private closing: Promise<void> | undefined;

  constructor(
    private readonly writerWorker: Worker,
    private readonly readerWorker: Worker,
    private readonly writes: WriterClient,
    private readonly runtime: EngineRuntime,
  ) {
    this.reads = new ReaderClient(readerWorker);
    writes.onCommitted = (appended, events) => {
      this.tail.append(events);
      for (const listener of this.listeners) listener(appended);
    };
    writes.onWalGrown = () => this.reads.checkpoint();
    this.reads.onCheckpointed = () => writerWorker.postMessage({ op: 'checkpointed' });
    writerWorker.on('message', (message: FromWriter) => writes.receive(message));
    readerWorker.on('message', (message: FromReader) => this.reads.receive(message));
    writerWorker.on('error', (error: Error) => writes.lost(error));
    readerWorker.on('error', (error: Error) => this.reads.lost(error));
    writerWorker.on('exit', (code) => writes.lost(new Error(`it ended with code ${code}`)));
    readerWorker.on('exit', (code) => this.reads.lost(new Error(`it ended with code ${code}`)));
  }

  append(append: RawAppend): Promise<AppendOutcome> {
    return this.writes.append(KIND_APPEND, append);
  }

  appendBatch(appends: readonly RawAppend[]): Promise<readonly AppendOutcome[]> {
    return Promise.all(appends.map((append) => this.append(append)));
  }

  async readStream(request: StreamReadRequest): Promise<StreamPage> {
    const answer = await this.ask({ kind: 'stream', request, nowMs: epochMsOf(this.runtime.clock.now()) });
    switch (answer.kind) {
      case 'page':
        return {
          kind: 'page',
          events: eventsOf(answer.frame),
          next: answer.next,
          lastRevision: answer.lastRevision,
        };
      case 'not-found':
      case 'tombstoned':
        return answer;
      default:
        throw unexpected(answer);
    }
  }

  async readAll(request: AllReadRequest): Promise<AllPage> {
    if (request.filter?.streamRegex) regexOf(request.filter.streamRegex);
    if (request.filter?.typeRegex) regexOf(request.filter.typeRegex);
    return (await this.tail.page(request)) ?? this.pageOfAll(request);
  }

  async readEvent(stream: string, revision: number): Promise<PageEvent | undefined> {
    const answer = await this.ask({ kind: 'event', stream, revision });
    return answer.kind === 'page' ? eventsOf(answer.frame)[0] : undefined;
  }

  async listStreams(request: StreamListRequest): Promise<readonly StreamListEntry[]> {
    const answer = await this.ask({ kind: 'streams', request });
    if (answer.kind !== 'streams') throw unexpected(answer);
    return answer.entries;
  }

  lastPosition(): number {
    return this.writes.lastPosition;
  }

  deleteStream(stream: string, expected: ExpectedRevision): Promise<DeleteOutcome> {
    return this.remove(KIND_DELETE, stream, expected);
  }

  tombstoneStream(stream: string, expected: ExpectedRevision): Promise<DeleteOutcome> {
    return this.remove(KIND_TOMBSTONE, stream, expected);
  }

  onAppended(listener: (appended: Appended) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  onClosed(listener: () => void): () => void {
    this.closeListeners.add(listener);
    return () => void this.closeListeners.delete(listener);
  }

  isClosed(): boolean {
    return this.closing !== undefined;
  }

  async ping(): Promise<void> {
    const refusal = this.writes.refusedBecause();
    if (refusal) throw refusal;
  }

  close(): Promise<void> {
    if (!this.closing) {
      this.closing = this.drainAndClose();
      for (const listener of this.closeListeners) listener();
    }
    return this.closing;
  }

  private async drainAndClose(): Promise<void> {
    await this.writes.drain();
    this.reads.close();
    // The reader goes first: the last connection to close puts the WAL away.
    await stopWorker(this.readerWorker);
    await stopWorker(this.writerWorker);
    this.listeners.clear();
  }

  private async remove(
    kind: typeof KIND_DELETE | typeof KIND_TOMBSTONE,
    stream: string,
    expected: ExpectedRevision,
  ): Promise<DeleteOutcome> {
    const outcome = await this.writes.append(kind, { stream, expected, events: [] });
    if (outcome.kind === 'too-large')
      throw new LogUnavailable('A deletion without payload was refused for its size.');
    return outcome;
  }

  private async pageOfAll(
    request: AllReadRequest,
  ): Promise<AllPage & { readonly events: readonly PageEvent[] }> {
    const answer = await this.ask({ kind: 'all', request });
    if (answer.kind !== 'all') throw unexpected(answer);
    return { events: eventsOf(answer.frame), scannedTo: answer.scannedTo, next: answer.next };
  }

  private ask(query: ReadQuery): Promise<ReadAnswer> {
    return this.reads.read(query);
  }
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return; // it has ended already
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.postMessage({ op: 'close' });
  await exited;
}

function unexpected(answer: ReadAnswer): Error {
  return new LogUnavailable(`The event log's reader answered with "${answer.kind}" to another question.`);
}
