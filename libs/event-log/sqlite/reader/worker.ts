/** Entry of the reading worker: pages of events, and the bulk of the work of moving the WAL into the file. */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { failureOf } from '../failure.js';
import type { FromReader, ReadAnswer, ReadQuery, ToReader, WorkerData } from '../protocol.js';
import { openForReading } from '../storage/schema.js';
import { Names } from './names.js';
import { AllReader } from './read-all.js';
import { StreamList } from './stream-list.js';
import { StreamReader } from './read-stream.js';

class ReaderWorker {
  private readonly all: AllReader;
  private readonly stream: StreamReader;
  private readonly list: StreamList;

  constructor(
    private readonly port: MessagePort,
    private readonly database: DatabaseSync,
    private readonly file: string,
  ) {
    const streams = new Names(database, 'streams');
    const types = new Names(database, 'types');
    this.all = new AllReader(database, streams, types);
    this.stream = new StreamReader(database, streams, types);
    this.list = new StreamList(database);
  }

  run(): void {
    this.port.on('message', (message: ToReader) => this.handle(message));
    this.port.postMessage({ op: 'ready' } satisfies FromReader);
  }

  private handle(message: ToReader): void {
    switch (message.op) {
      case 'read':
        this.read(message.id, message.query);
        return;
      case 'checkpoint':
        this.checkpoint();
        return;
      case 'close':
        this.database.close();
        this.port.postMessage({ op: 'closed' } satisfies FromReader);
        this.port.close();
        return;
      default:
        message satisfies never;
    }
  }

  private read(id: number, query: ReadQuery): void {
    try {
      const answer = this.answer(query);
      const buffers = 'frame' in answer ? [answer.frame.index.buffer, answer.frame.records] : [];
      this.port.postMessage({ op: 'answer', id, answer } satisfies FromReader, buffers);
    } catch (error) {
      this.port.postMessage({
        op: 'failed',
        id,
        failure: failureOf(error, placeOf(query, this.file)),
      } satisfies FromReader);
    }
  }

  private answer(query: ReadQuery): ReadAnswer {
    switch (query.kind) {
      case 'stream':
        return this.stream.page(query.request, query.nowMs);
      case 'all':
        return this.all.page(query.request);
      case 'event':
        return this.stream.event(query.stream, query.revision);
      case 'streams':
        return this.list.page(query.request);
      default:
        return query satisfies never;
    }
  }

  private checkpoint(): void {
    try {
      this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // A disk error shows at the writer, too, which then stops taking appends.
    }
    this.port.postMessage({ op: 'checkpointed' } satisfies FromReader);
  }
}

function placeOf(query: ReadQuery, file: string): string {
  switch (query.kind) {
    case 'stream':
      return `stream ${query.request.stream} from revision ${query.request.from}`;
    case 'event':
      return `revision ${query.revision} of stream ${query.stream}`;
    case 'all':
      return `position ${query.request.from} or ${query.request.direction} of it`;
    case 'streams':
      return `the streams of ${file}`;
    default:
      return query satisfies never;
  }
}

function start(port: MessagePort, data: WorkerData): void {
  try {
    new ReaderWorker(port, openForReading(data.file), data.file).run();
  } catch (error) {
    port.postMessage({
      op: 'open-failed',
      failure: failureOf(error, `file ${data.file}`),
    } satisfies FromReader);
    port.close();
  }
}

if (parentPort) start(parentPort, workerData as WorkerData);
