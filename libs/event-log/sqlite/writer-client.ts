import type { Worker } from 'node:worker_threads';
import {
  AppendOutcomeUnknown,
  LogClosed,
  LogOverloaded,
  LogUnavailable,
} from '#libs/event-log/port/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import { AppendFrameWriter, AppendOverLimit, KIND_APPEND, type RequestKind } from './append-frame.js';
import { AppendedEvent, textEventsOf, type TextEvent } from './appended-event.js';
import type { Appended, AppendOutcome, RawAppend } from './engine-api.js';
import { errorOf } from './failure.js';
import { Fifo } from './fifo.js';
import {
  OUTCOME_CONFLICT,
  OUTCOME_DELETED,
  OUTCOME_NUMBERS,
  OUTCOME_OK,
  OUTCOME_REPLAYED,
  OUTCOME_TOMBSTONED,
  type FromWriter,
  type ToWriter,
} from './protocol.js';

export interface WriterLimits {
  readonly maxQueuedAppends: number;
  readonly maxQueuedBytes: number;
  readonly maxAppendBytes: number;
}

export const DEFAULT_DEADLINE_MS = 5_000;
/** How exactly deadlines are kept. */
const DEADLINE_TICK_MS = 25;
const FRAME_BYTES = 131_072;
/** A frame this full is sent before the tick ends, so that the worker starts while the rest is still gathered. */
const SEND_AT_BYTES = 8_192;
const KEPT_BUFFERS = 16;

interface Pending {
  readonly stream: string;
  readonly bytes: number;
  readonly deadlineAtMs: number;
  /** For the followers of the log, once they are durable; absent where these must read the file. */
  readonly events: readonly TextEvent[] | undefined;
  readonly recordedAtMs: number;
  resolve(outcome: AppendOutcome): void;
  reject(error: Error): void;
  /** The caller has its answer; the worker's is still awaited to keep the order. */
  answered: boolean;
}

/** Gathers the appends of a tick into frames, bounds what is under way, and hands the worker's outcomes back in order. */
export class WriterClient {
  lastPosition = 0;
  /** `events`: those of the group that followers may be given as they are, in order, with gaps where others were stored. */
  onCommitted: (appended: Appended, events: readonly AppendedEvent[]) => void = () => undefined;
  onWalGrown: () => void = () => undefined;
  private readonly pending = new Fifo<Pending>();
  private pendingBytes = 0;
  private readonly buffers: ArrayBuffer[] = [];
  private frame: AppendFrameWriter | undefined;
  private frameAtMs = 0;
  private frameRecordedAtMs = 0;
  private readonly gathering: Int32Array;
  private flushDue = false;
  private stopDeadlines: Cancel | undefined;
  private refusal: Error | undefined;
  private idle: (() => void) | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly runtime: Pick<Runtime, 'clock' | 'timers'>,
    private readonly limits: WriterLimits,
    gathering: SharedArrayBuffer,
  ) {
    this.gathering = new Int32Array(gathering);
  }

  /** Why appends are refused, when they are. */
  refusedBecause(): Error | undefined {
    return this.refusal;
  }

  append(kind: RequestKind, append: RawAppend): Promise<AppendOutcome> {
    if (this.refusal) return Promise.reject(this.refusal);
    if (
      this.pending.length >= this.limits.maxQueuedAppends ||
      this.pendingBytes >= this.limits.maxQueuedBytes
    ) {
      return Promise.reject(
        new LogOverloaded(
          `${this.pending.length} appends of ${this.pendingBytes} bytes are under way; try later.`,
        ),
      );
    }
    const frame = this.frame ?? this.startFrame();
    const before = frame.usedBytes;
    try {
      frame.add(kind, append, this.frameRecordedAtMs, this.limits.maxAppendBytes);
    } catch (error) {
      if (!(error instanceof AppendOverLimit)) return Promise.reject(error as Error);
      return Promise.resolve({
        kind: 'too-large',
        sizeBytes: error.sizeBytes,
        limitBytes: this.limits.maxAppendBytes,
      });
    }
    const bytes = frame.usedBytes - before;
    const deadlineAtMs = this.frameAtMs + (append.deadlineMs ?? DEFAULT_DEADLINE_MS);
    this.pendingBytes += bytes;
    const { stream } = append;
    const events = kind === KIND_APPEND ? textEventsOf(append) : undefined;
    const recordedAtMs = this.frameRecordedAtMs;
    const outcome = new Promise<AppendOutcome>((resolve, reject) => {
      const answers = { resolve, reject, answered: false };
      this.pending.push({ stream, bytes, deadlineAtMs, events, recordedAtMs, ...answers });
    });
    if (frame.usedBytes >= SEND_AT_BYTES) {
      Atomics.store(this.gathering, 0, 1);
      this.flush();
    }
    return outcome;
  }

  /** Refuses new appends and resolves when those under way are answered. */
  async drain(): Promise<void> {
    this.refusal ??= new LogClosed('The event log is closed.');
    this.flush();
    if (this.pending.length > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  receive(message: FromWriter): void {
    switch (message.op) {
      case 'committed':
        this.keep(message.frames);
        this.committed(message.outcomes, message.lastPosition);
        if (message.walPages > 0) this.onWalGrown();
        break;
      case 'failed': {
        const error = errorOf(message.failure);
        this.refusal ??= error;
        const isUnknown = message.stored === 'unknown';
        for (let i = 0; i < message.requests; i += 1) {
          const reason = isUnknown ? new AppendOutcomeUnknown(error.message, { cause: error }) : error;
          this.answer(this.pending.shift(), (pending) => pending.reject(reason));
        }
        break;
      }
      default:
        return;
    }
    if (this.pending.length === 0) this.idle?.();
  }

  /** The worker is gone: whatever was under way may or may not be stored. */
  lost(error: Error): void {
    this.refusal ??= new LogUnavailable(`The event log's writer stopped: ${error.message}`, { cause: error });
    for (let next = this.pending.shift(); next; next = this.pending.shift()) {
      this.answer(next, (pending) =>
        pending.reject(new AppendOutcomeUnknown(error.message, { cause: error })),
      );
    }
    this.idle?.();
  }

  private startFrame(): AppendFrameWriter {
    const buffer = this.buffers.pop() ?? new ArrayBuffer(FRAME_BYTES);
    this.frame = new AppendFrameWriter(buffer);
    this.frameAtMs = this.runtime.clock.monotonicMs();
    this.frameRecordedAtMs = epochMsOf(this.runtime.clock.now());
    this.stopDeadlines ??= this.runtime.timers.every(DEADLINE_TICK_MS, () => this.checkDeadlines());
    if (!this.flushDue) {
      this.flushDue = true;
      setImmediate(() => {
        this.flushDue = false;
        this.flush();
        Atomics.store(this.gathering, 0, 0);
      });
    }
    return this.frame;
  }

  private flush(): void {
    const frame = this.frame;
    if (!frame) return;
    this.frame = undefined;
    const buffer = frame.finish(this.frameRecordedAtMs);
    if (frame.requests === 0) {
      this.keep([buffer]); // everything put into it was refused
      return;
    }
    this.worker.postMessage({ op: 'append', frame: buffer } satisfies ToWriter, [buffer]);
  }

  /** Buffers are used again; the large ones of rare large appends are not worth their memory. */
  private keep(buffers: readonly ArrayBuffer[]): void {
    for (const buffer of buffers) {
      if (this.buffers.length < KEPT_BUFFERS && buffer.byteLength === FRAME_BYTES) this.buffers.push(buffer);
    }
  }

  private committed(outcomes: Float64Array, lastPosition: number): void {
    this.lastPosition = lastPosition;
    const answered: Pending[] = [];
    const streams = new Set<string>();
    const events: AppendedEvent[] = [];
    for (let at = 0; at < outcomes.length; at += OUTCOME_NUMBERS) {
      const pending = this.pending.shift();
      if (!pending) continue;
      answered.push(pending);
      if (outcomes[at] !== OUTCOME_OK) continue;
      streams.add(pending.stream);
      takeEvents(events, pending, outcomes[at + 1]!, outcomes[at + 2]!);
    }
    if (streams.size > 0) this.onCommitted({ lastPosition, streams }, events);
    answered.forEach((pending, index) => {
      const outcome = outcomeAt(outcomes, index * OUTCOME_NUMBERS);
      this.answer(pending, () => pending.resolve(outcome));
    });
  }

  private answer(pending: Pending | undefined, give: (pending: Pending) => void): void {
    if (!pending) return;
    this.pendingBytes -= pending.bytes;
    if (!pending.answered) give(pending);
  }

  private checkDeadlines(): void {
    if (this.pending.length === 0) {
      this.stopDeadlines?.();
      this.stopDeadlines = undefined;
      return;
    }
    const nowMs = this.runtime.clock.monotonicMs();
    for (const pending of this.pending) {
      if (pending.answered || pending.deadlineAtMs > nowMs) continue;
      pending.answered = true;
      pending.reject(
        new AppendOutcomeUnknown(
          `No answer in time for the append to ${pending.stream}; retry it identically.`,
        ),
      );
    }
  }
}

/** The events of one append lie side by side, the last one at the revision and position that the writer answered with. */
function takeEvents(into: AppendedEvent[], pending: Pending, revision: number, position: number): void {
  const { events } = pending;
  if (!events) return;
  for (let index = 0; index < events.length; index += 1) {
    const left = events.length - 1 - index;
    into.push(new AppendedEvent(events[index]!, pending, revision - left, position - left));
  }
}

function outcomeAt(outcomes: Float64Array, at: number): AppendOutcome {
  const revision = outcomes[at + 1]!;
  switch (outcomes[at]) {
    case OUTCOME_OK:
    case OUTCOME_REPLAYED:
      return {
        kind: 'ok',
        revision,
        position: outcomes[at + 2]!,
        replayed: outcomes[at] === OUTCOME_REPLAYED,
      };
    case OUTCOME_CONFLICT:
      return { kind: 'conflict', actual: revision < 0 ? 'no-stream' : revision };
    case OUTCOME_TOMBSTONED:
      return { kind: 'tombstoned' };
    case OUTCOME_DELETED:
      return { kind: 'deleted' };
    default:
      throw new Error(`The writer answered with the unknown code ${outcomes[at]}.`);
  }
}
