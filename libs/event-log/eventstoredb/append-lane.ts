import { randomUUID } from 'node:crypto';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { Connection } from './connection.js';
import { encodeBatchAppend } from './wire/batch-append-request.js';
import type { PreparedAppend } from './wire/batch-append-request.js';
import type { BatchAppendOutcome, BatchAppendResponse } from './wire/batch-append-response.js';
import { ProtoWriter } from './wire/protobuf-writer.js';

/** The stream carrying an append broke before the answer came: it may or may not be stored. */
export class LaneBroken extends Error {
  override readonly name = 'LaneBroken';
}

/** No answer within the time given to this attempt. */
export class AttemptTimedOut extends Error {
  override readonly name = 'AttemptTimedOut';
}

interface Pending {
  readonly timer: NodeJS.Timeout;
  resolve(outcome: BatchAppendOutcome): void;
  reject(reason: Error): void;
}

/** One open BatchAppend stream and what waits for an answer on it. */
interface Lane {
  readonly stream: ClientDuplexStream<Buffer, BatchAppendResponse>;
  readonly pending: Map<string, Pending>;
  lastAnswerAtMs: number;
  broken: boolean;
}

/**
 * Sends appends over one long-lived bidirectional stream and matches the answers by correlation id. A broken stream
 * rejects exactly the appends it carried and is replaced by the next append.
 */
export class AppendLane {
  private opening: Promise<Lane> | undefined;
  private lane: Lane | undefined;
  private readonly writer = new ProtoWriter();

  constructor(private readonly connection: Connection) {}

  /** @throws LaneBroken, AttemptTimedOut: outcome unknown */
  async send(
    append: PreparedAppend,
    deadlineEpochMs: number,
    attemptMs: number,
  ): Promise<BatchAppendOutcome> {
    const lane = this.lane ?? (await this.open());
    if (lane.broken) throw new LaneBroken('The append stream broke.');
    return this.exchange(lane, append, deadlineEpochMs, attemptMs);
  }

  /** Half-closes the stream; the caller has waited for its appends. */
  close(): void {
    this.lane?.stream.end();
    this.lane = undefined;
  }

  private exchange(
    lane: Lane,
    append: PreparedAppend,
    deadlineEpochMs: number,
    attemptMs: number,
  ): Promise<BatchAppendOutcome> {
    return new Promise((resolve, reject) => {
      const correlationId = randomUUID();
      const sentAtMs = performance.now();
      const timer = setTimeout(() => {
        lane.pending.delete(correlationId);
        reject(new AttemptTimedOut(`No answer within ${attemptMs} ms.`));
        // Not one answer since this was sent: the stream itself is suspect, its other appends retry on a new one.
        if (lane.lastAnswerAtMs < sentAtMs) lane.stream.cancel();
      }, attemptMs);
      lane.pending.set(correlationId, { timer, resolve, reject });
      lane.stream.write(encodeBatchAppend(this.writer, correlationId, append, deadlineEpochMs));
    });
  }

  /** One opening at a time, shared by all who wait for it. */
  private open(): Promise<Lane> {
    this.opening ??= this.connection
      .openBatchAppend()
      .then(
        (stream) => (this.lane = this.adopt(stream)),
        (error: unknown) => {
          throw new LaneBroken('No connection to the event store.', { cause: error });
        },
      )
      .finally(() => (this.opening = undefined));
    return this.opening;
  }

  private adopt(stream: ClientDuplexStream<Buffer, BatchAppendResponse>): Lane {
    const lane: Lane = { stream, pending: new Map(), lastAnswerAtMs: performance.now(), broken: false };
    stream.on('data', (response: BatchAppendResponse) => {
      lane.lastAnswerAtMs = performance.now();
      const pending = lane.pending.get(response.correlationId);
      if (!pending) return; // the attempt timed out before
      lane.pending.delete(response.correlationId);
      clearTimeout(pending.timer);
      pending.resolve(response.outcome);
    });
    stream.on('error', (error) => this.breakLane(lane, error));
    stream.on('end', () => this.breakLane(lane));
    stream.on('close', () => this.breakLane(lane));
    return lane;
  }

  private breakLane(lane: Lane, reason?: Error): void {
    lane.broken = true;
    if (this.lane === lane) this.lane = undefined;
    for (const pending of lane.pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new LaneBroken('The append stream broke.', { cause: reason }));
    }
    lane.pending.clear();
  }
}
