import {
  AppendOutcomeUnknown,
  type AppendOptions,
  type AppendResult,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  LogOverloaded,
  type RecordedEvent,
} from '#libs/event-log/port/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import { MemoryEventLog } from './memory-event-log.js';

/**
 * - `overloaded`: refused before it is taken up. `request-lost`: not taken up, and nobody knows.
 * - `late`: taken up in its turn, with the answer "unknown" before. `ack-lost`: stored in its turn, with the answer "unknown".
 */
export type OrderedFault = 'fine' | 'overloaded' | 'request-lost' | 'late' | 'ack-lost';

interface Queued {
  readonly deadlineAtMs: number;
  take(): Promise<void>;
  expire(): void;
}

/** What one stream holds, in the order of its revisions. */
export type StoredOf = (stream: string) => readonly Stored[];
type Stored = Pick<RecordedEvent, 'type' | 'data' | 'metadata'>;

/**
 * A log that takes up appends one by one, in the order it was handed them, when the test says so: the embedded engine's
 * contract with the worst of timings. A crash loses what was not taken up.
 */
export class OrderedEventLog {
  readonly inner = new MemoryEventLog();
  readonly #stored = new Map<string, Stored[]>();
  #queue: Queued[] = [];
  /** Of the process that lives. */
  #process = 0;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly nextFault: () => OrderedFault,
  ) {}

  /** What a process sees; after the next crash it hears nothing more, and is not heard. */
  connect(): EventLog {
    const process = this.#process;
    const append: EventLog['append'] = (...request) =>
      process === this.#process ? this.#append(...request) : new Promise(() => undefined);
    return new Proxy<EventLog>(this.inner, {
      get(target, property) {
        if (property === 'append') return append;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Durable at this moment. */
  readonly stored: StoredOf = (stream) => this.#stored.get(stream) ?? [];

  /** Takes up so many, one group: their answers come together. */
  async takeUp(count: number): Promise<void> {
    await Promise.all(this.#queue.splice(0, count).map((queued) => queued.take()));
  }

  /** Answers "unknown" to whom the time has run out; the append stays in the queue. */
  expire(): void {
    for (const queued of this.#queue) {
      if (queued.deadlineAtMs <= this.clock.monotonicMs()) queued.expire();
    }
  }

  crash(): void {
    this.#process += 1;
    this.#queue = [];
  }

  #append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    const fault = this.nextFault();
    if (fault === 'overloaded') return Promise.reject(new LogOverloaded('The queue is full.'));
    const unknown = new AppendOutcomeUnknown('No answer in time.');
    if (fault === 'request-lost') return Promise.reject(unknown);
    return new Promise((resolve, reject) => {
      if (fault === 'late') reject(unknown);
      this.#queue.push({
        deadlineAtMs: this.clock.monotonicMs() + (options.deadlineMs ?? 5_000),
        expire: () => reject(unknown),
        take: async () => {
          try {
            const result = await this.inner.append(stream, expected, events);
            this.#note(stream, result.revision, events);
            if (fault === 'ack-lost') reject(unknown);
            else resolve(result);
          } catch (error) {
            reject(error as Error);
          }
        },
      });
    });
  }

  /** Once, however often it is repeated. */
  #note(stream: string, revision: number, events: readonly EventToAppend[]): void {
    const stored = this.#stored.get(stream) ?? [];
    this.#stored.set(stream, stored);
    if (stored.length <= revision) stored.push(...events);
  }
}
