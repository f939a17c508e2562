import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import type { ServerDuplexStream, handleBidiStreamingCall } from '@grpc/grpc-js';
import {
  AppendOutcomeUnknown,
  LogClosed,
  LogDamaged,
  LogOverloaded,
  LogUnavailable,
} from '#libs/event-log/port/index.js';
import type { AppendOutcome, LogEngine, RawEventToAppend } from '#libs/event-log/sqlite/engine-api.js';
import type { BatchOptions, BatchPart } from '../wire/batch-request.js';
import {
  batchFailure,
  batchSuccess,
  streamDeletedDetails,
  timeoutDetails,
  tooLargeDetails,
  unknownDetails,
  wrongVersionDetails,
} from '../wire/batch-response.js';
import type { BatchFailure } from '../wire/batch-response.js';
import { failure, invalidArgument, nodeStopping } from '../wire/failures.js';
import type { Failure } from '../wire/failures.js';

/** Appends under way on one stream, and their bytes, before the node stops reading from it; HTTP/2 holds the client back. */
const MAX_UNDER_WAY = 4_096;
const MAX_BYTES_UNDER_WAY = 32 * 1024 * 1024;

type Call = ServerDuplexStream<BatchPart, BatchAppendResp>;

/** BatchAppend: many appends over one stream, each answered by its correlation id, in the order they become durable. */
export function batchAppendHandler(
  engine: LogEngine,
  draining: AbortSignal,
): handleBidiStreamingCall<BatchPart, BatchAppendResp> {
  return (call) => new BatchAppendCall(engine, call, draining).start();
}

interface Gathering {
  readonly options: BatchOptions;
  readonly events: RawEventToAppend[];
  bytes: number;
}

class BatchAppendCall {
  /** Appends whose final part has not come yet. */
  private readonly gathering = new Map<string, Gathering>();
  private underWay = 0;
  private bytes = 0;
  private halfClosed = false;
  private refused = false;

  constructor(
    private readonly engine: LogEngine,
    private readonly call: Call,
    private readonly draining: AbortSignal,
  ) {}

  start(): void {
    const drain = () => this.endWhenDone();
    this.draining.addEventListener('abort', drain);
    this.call.on('close', () => this.draining.removeEventListener('abort', drain));
    this.call.on('data', (part: BatchPart) => this.receive(part));
    this.call.on('drain', () => this.goOn());
    this.call.on('end', () => {
      this.halfClosed = true;
      this.endWhenDone();
    });
  }

  private receive(part: BatchPart): void {
    if (this.refused) return;
    this.bytes += part.bytes;
    const begun = this.gathering.get(part.correlationId);
    const options = part.options ?? begun?.options;
    if (!options || options.stream === '') {
      this.refuse(invalidArgument('An append must start with its options and name its stream.'));
      return;
    }
    const bytes = part.bytes + (begun?.bytes ?? 0);
    const events = begun ? begun.events : [];
    for (const event of part.events) events.push(event);
    if (part.final) {
      this.gathering.delete(part.correlationId);
      this.underWay += 1;
      void this.store(part.correlationId, options, events, bytes);
    } else {
      this.gathering.set(part.correlationId, { options, events, bytes });
    }
    const unread = this.call.writableLength >= MAX_UNDER_WAY;
    if (unread || this.underWay >= MAX_UNDER_WAY || this.bytes >= MAX_BYTES_UNDER_WAY) this.hold(unread);
  }

  private hold(unread: boolean): void {
    if (unread || this.underWay > 0) this.call.pause();
    // Nothing under way whose end would make room: these are appends begun and never finished.
    else this.refuse(failure(status.RESOURCE_EXHAUSTED, 'Too much was begun and not finished.'));
  }

  private refuse(reason: Failure): void {
    this.refused = true;
    this.gathering.clear();
    this.call.emit('error', reason);
  }

  private async store(
    correlationId: string,
    options: BatchOptions,
    events: readonly RawEventToAppend[],
    bytes: number,
  ): Promise<void> {
    const answer = await this.append(options, events).then(
      (outcome) => answerOf(correlationId, options, outcome),
      (error: unknown) => batchFailure(correlationId, options.stream, failureDetails(error)),
    );
    this.underWay -= 1;
    this.bytes -= bytes;
    if (!this.call.cancelled && !this.refused) this.call.write(answer);
    this.goOn();
    this.endWhenDone();
  }

  /** With half of the room free again; with nothing under way in any case, for nothing more would get free. */
  private goOn(): void {
    if (!this.call.isPaused() || this.call.writableLength >= MAX_UNDER_WAY) return;
    const roomy = this.underWay < MAX_UNDER_WAY / 2 && this.bytes < MAX_BYTES_UNDER_WAY / 2;
    if (roomy || this.underWay === 0) this.call.resume();
  }

  private append(options: BatchOptions, events: readonly RawEventToAppend[]): Promise<AppendOutcome> {
    const { stream, expected, deadlineEpochMs } = options;
    if (deadlineEpochMs === undefined) return this.engine.append({ stream, expected, events });
    const deadlineMs = deadlineEpochMs - Date.now();
    if (deadlineMs <= 0)
      return Promise.reject(new AppendOutcomeUnknown('The deadline had passed on arrival.'));
    return this.engine.append({ stream, expected, events, deadlineMs });
  }

  private endWhenDone(): void {
    if (this.underWay > 0 || this.call.cancelled || this.refused) return;
    if (this.halfClosed) this.call.end();
    else if (this.draining.aborted) this.refuse(nodeStopping());
  }
}

function answerOf(correlationId: string, options: BatchOptions, outcome: AppendOutcome): BatchAppendResp {
  const { stream, expected } = options;
  switch (outcome.kind) {
    case 'ok':
      return batchSuccess(correlationId, stream, outcome.revision, outcome.position);
    case 'conflict':
      return batchFailure(correlationId, stream, wrongVersionDetails(expected, outcome.actual));
    case 'tombstoned':
    case 'deleted':
      return batchFailure(correlationId, stream, streamDeletedDetails(stream));
    case 'too-large':
      return batchFailure(correlationId, stream, tooLargeDetails(outcome.limitBytes));
    default:
      return outcome satisfies never;
  }
}

function failureDetails(error: unknown): BatchFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AppendOutcomeUnknown) return timeoutDetails();
  if (error instanceof LogOverloaded) return unknownDetails(status.RESOURCE_EXHAUSTED, message);
  if (error instanceof LogUnavailable || error instanceof LogClosed)
    return unknownDetails(status.UNAVAILABLE, message);
  if (error instanceof LogDamaged) return unknownDetails(status.DATA_LOSS, message);
  if (error instanceof TypeError) return unknownDetails(status.INVALID_ARGUMENT, message);
  return unknownDetails(status.INTERNAL, 'The node failed on this append.');
}
