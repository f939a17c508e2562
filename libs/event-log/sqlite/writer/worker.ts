/** Entry of the writing worker: owns the lock and the only writing connection, and commits groups. */
import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { failureOf, type Failure } from '../failure.js';
import type { FromWriter, ToWriter, WorkerData } from '../protocol.js';
import { lockDataFile } from '../storage/process-lock.js';
import { numberOf, openForWriting, refuseTruncated } from '../storage/schema.js';
import { checkStructure } from '../storage/structure-check.js';
import { refuseDamagedWal } from '../storage/wal-check.js';
import { GroupWriter } from './group-writer.js';
import { WalWatch } from './wal-watch.js';

/** Frames of one transaction: bounds how long the first of a group waits for the last. */
const MAX_GROUP_FRAMES = 256;
/**
 * How long an open transaction waits for the rest of a tick. Measured with 64 appends in flight: inserting the first
 * while the last are still encoded, with one commit for all, is a third faster than one after the other.
 */
const WAIT_FOR_TICK_MS = 0.5;

class WriterWorker {
  private readonly group: GroupWriter;
  private readonly wal: WalWatch;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly gathering: Int32Array;
  private poisoned: Failure | undefined;

  constructor(
    private readonly port: MessagePort,
    private readonly database: DatabaseSync,
    private readonly lock: { release(): void },
    gathering: SharedArrayBuffer,
  ) {
    this.gathering = new Int32Array(gathering);
    const last = (table: string, column: string): number =>
      numberOf(database, `SELECT max(${column}) FROM ${table}`);
    this.group = new GroupWriter(database, {
      lastPosition: last('events', 'position'),
      lastStreamKey: last('streams', 'key'),
      lastTypeKey: last('types', 'key'),
    });
    this.wal = new WalWatch(database);
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
    this.refuseShortened();
  }

  run(): void {
    this.send({ op: 'ready', lastPosition: this.group.lastPosition });
    this.port.on('message', (message: ToWriter) => {
      let next: ToWriter | undefined = message;
      while (next) next = this.handle(next);
    });
  }

  /** Returns the message to go on with, when it had to take one more than it could use. */
  private handle(message: ToWriter): ToWriter | undefined {
    switch (message.op) {
      case 'append':
        return this.commitGroup(message);
      case 'checkpointed':
        if (!this.poisoned) this.wal.finishCheckpoint();
        return undefined;
      case 'close':
        this.close();
        return undefined;
      default:
        return message satisfies never;
    }
  }

  private commitGroup(first: Extract<ToWriter, { op: 'append' }>): ToWriter | undefined {
    const frames: ArrayBuffer[] = [];
    const outcomes: number[] = [];
    let next: ToWriter | undefined = first;
    const refusal = this.poisoned;
    let failure = refusal;
    let committing = false;
    try {
      if (!failure) this.begin.run();
      while (next?.op === 'append' && frames.length < MAX_GROUP_FRAMES) {
        frames.push(next.frame);
        if (!failure) this.group.apply(next.frame, outcomes);
        next = this.takeOfTick();
      }
      // From here on a failure leaves it open whether the group will be found at the next start.
      committing = true;
      if (!failure) this.commit.run();
    } catch (error) {
      failure = this.poison(error);
    }
    if (failure) {
      const requests = frames.reduce((sum, frame) => sum + new DataView(frame).getUint32(8, true), 0);
      this.send({ op: 'failed', failure, requests, stored: committing && !refusal ? 'unknown' : 'no' });
      return next;
    }
    const packed = new Float64Array(outcomes);
    const walPages = this.wal.pagesWhenDue();
    this.port.postMessage(
      {
        op: 'committed',
        outcomes: packed,
        lastPosition: this.group.lastPosition,
        frames,
        walPages,
      } satisfies FromWriter,
      [packed.buffer, ...frames],
    );
    return next;
  }

  /** After a failed write nothing more is written until a restart has read back what the disk really holds. */
  private poison(error: unknown): Failure {
    this.poisoned = failureOf(error, `after position ${this.group.lastPosition}`);
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    } catch {
      // The connection is not used for writing again.
    }
    return this.poisoned;
  }

  /** The last position is noted at a clean end: a tail lost since then shows at the next start. */
  private refuseShortened(): void {
    const noted = numberOf(this.database, 'SELECT last_position FROM closing');
    if (noted > this.group.lastPosition) {
      throw new LogDamaged(
        `position ${this.group.lastPosition + 1}`,
        `the log ended at ${noted} when it was closed`,
      );
    }
    this.database.exec('UPDATE closing SET last_position = NULL WHERE last_position IS NOT NULL');
  }

  private close(): void {
    try {
      if (!this.poisoned) {
        this.database.exec(`UPDATE closing SET last_position = ${this.group.lastPosition}`);
        this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
      this.database.close();
    } catch {
      // Everything acknowledged is durable already; the next start recovers the rest.
    } finally {
      this.lock.release();
      this.send({ op: 'closed' });
      this.port.close();
    }
  }

  /** The next message, waiting a moment while the caller is still gathering. */
  private takeOfTick(): ToWriter | undefined {
    let next = this.take();
    if (next || Atomics.load(this.gathering, 0) === 0) return next;
    const giveUpAtMs = performance.now() + WAIT_FOR_TICK_MS;
    while (!next && Atomics.load(this.gathering, 0) === 1 && performance.now() < giveUpAtMs)
      next = this.take();
    return next ?? this.take();
  }

  private take(): ToWriter | undefined {
    return (receiveMessageOnPort(this.port) as { message: ToWriter } | undefined)?.message;
  }

  private send(message: FromWriter): void {
    this.port.postMessage(message);
  }
}

function start(port: MessagePort, data: WorkerData): void {
  let lock: { release(): void } | undefined;
  let database: DatabaseSync | undefined;
  try {
    lock = lockDataFile(data.file, data.pid);
    refuseDamagedWal(data.file);
    database = openForWriting(data.file, data.maxPageCount);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    if (statSync(data.file).size > 0) refuseTruncated(data.file);
    checkStructure(database, data.file, data.checkedBytes);
    new WriterWorker(port, database, lock, data.gathering).run();
  } catch (error) {
    if (database?.isOpen) database.close();
    lock?.release();
    port.postMessage({
      op: 'open-failed',
      failure: failureOf(error, `file ${data.file}`),
    } satisfies FromWriter);
    port.close();
  }
}

if (parentPort) start(parentPort, workerData as WorkerData);
