import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import { type AnyAggregate, freshSlot, type Job, type SlotCache, type StreamSlot } from './stream-slot.js';
import { CommandOverloaded, CommandTimedOut } from './types.js';

/** One job at a time per stream, in order of arrival; any number of streams at once. */
export class StreamQueues {
  /** Streams with a job under way. */
  readonly #active = new Map<string, StreamSlot>();

  constructor(
    private readonly cache: SlotCache,
    private readonly runtime: Pick<Runtime, 'clock' | 'timers'>,
    private readonly limit: number,
  ) {}

  /** What is remembered of a stream that nobody is working on. */
  idle(stream: string): StreamSlot | undefined {
    return this.#active.has(stream) ? undefined : this.cache.get(stream);
  }

  /** @throws CommandOverloaded, CommandTimedOut while waiting (nothing was done then), and what the job throws */
  enter<Result>(
    aggregate: AnyAggregate,
    id: string,
    job: Job,
    execute: (slot: StreamSlot) => Promise<Result>,
  ): Promise<Result> {
    const stream = `${aggregate.category}-${id}`;
    const active = this.#active.get(stream);
    if (active) return this.#wait(active, aggregate, job, execute);
    const idle = this.cache.get(stream);
    const slot = idle?.aggregate === aggregate ? idle : freshSlot(aggregate, stream);
    this.#active.set(stream, slot);
    return this.#execute(slot, execute);
  }

  async #execute<Result>(slot: StreamSlot, execute: (slot: StreamSlot) => Promise<Result>): Promise<Result> {
    try {
      return await execute(slot);
    } finally {
      const next = slot.waiting.shift();
      if (next) {
        next.start();
      } else {
        this.#active.delete(slot.stream);
        if (slot.loaded) this.cache.put(slot);
        else this.cache.delete(slot.stream);
      }
    }
  }

  #wait<Result>(
    slot: StreamSlot,
    aggregate: AnyAggregate,
    job: Job,
    execute: (slot: StreamSlot) => Promise<Result>,
  ): Promise<Result> {
    const { stream, waiting } = slot;
    if (slot.aggregate !== aggregate) {
      return Promise.reject(new TypeError(`Two aggregates share the category ${aggregate.category}.`));
    }
    if (waiting.length >= this.limit) {
      return Promise.reject(new CommandOverloaded(`${stream}: ${waiting.length} commands wait already.`));
    }
    return new Promise<Result>((resolve, reject) => {
      let cancel: Cancel = () => undefined;
      const entry = {
        start: (): void => {
          cancel();
          this.#execute(slot, execute).then(resolve, reject);
        },
      };
      cancel = this.runtime.timers.after(
        Math.max(0, job.deadlineAtMs - this.runtime.clock.monotonicMs()),
        () => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new CommandTimedOut(`${stream}: the deadline passed while waiting; nothing was stored.`));
        },
      );
      waiting.push(entry);
    });
  }
}
