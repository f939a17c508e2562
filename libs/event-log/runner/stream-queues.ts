import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import {
  type AnyAggregate,
  forget,
  freshSlot,
  type Job,
  type SlotCache,
  type StreamSlot,
} from './stream-slot.js';
import { CommandOverloaded, CommandTimedOut } from './types.js';

/** What a job ends with when it was decided on an append that was not stored: it is to be done again, at its old place. */
export const DISCARDED: unique symbol = Symbol('discarded');
export type Discarded = typeof DISCARDED;

type Work<Result> = (slot: StreamSlot) => Promise<Result | Discarded>;

export interface QueueLimits {
  /** Jobs that may wait for their turn on one stream. */
  readonly queued: number;
  /** Jobs under way on one stream: the one that has the turn, and those that have released it. */
  readonly underWay: number;
}

/**
 * One job at a time per stream has the turn, in order of arrival; any number of streams at once. A job may release its turn
 * before it ends. After a discarded append no turn is given until every job under way has ended; those that were decided on it
 * then come first again.
 */
export class StreamQueues {
  /** Streams with a job under way. */
  readonly #active = new Map<string, StreamSlot>();

  constructor(
    private readonly cache: SlotCache,
    private readonly runtime: Pick<Runtime, 'clock' | 'timers'>,
    private readonly limits: QueueLimits,
  ) {}

  /** What is remembered of a stream that nobody is working on. */
  idle(stream: string): StreamSlot | undefined {
    return this.#active.has(stream) ? undefined : this.cache.get(stream);
  }

  /** @throws CommandOverloaded, CommandTimedOut while waiting (nothing was done then), and what the job throws */
  enter<Result>(aggregate: AnyAggregate, id: string, job: Job, work: Work<Result>): Promise<Result> {
    const stream = `${aggregate.category}-${id}`;
    const slot = this.#active.get(stream) ?? this.#open(aggregate, stream);
    if (slot.aggregate !== aggregate) {
      return Promise.reject(new TypeError(`Two aggregates share the category ${aggregate.category}.`));
    }
    slot.arrivals += 1;
    job.place = slot.arrivals;
    const { waiting } = slot;
    if (waiting.length === 0 && this.#mayBegin(slot)) return this.#perform(slot, job, work);
    if (waiting.length >= this.limits.queued) {
      return Promise.reject(new CommandOverloaded(`${stream}: ${waiting.length} commands wait already.`));
    }
    return this.#wait(slot, job, work);
  }

  /** The next job may begin. For a job that has released its turn already: nothing. */
  release(slot: StreamSlot, job: Job): void {
    if (slot.turn !== job) return;
    slot.turn = undefined;
    this.#beginNext(slot);
  }

  #open(aggregate: AnyAggregate, stream: string): StreamSlot {
    const idle = this.cache.get(stream);
    const slot = idle?.aggregate === aggregate ? idle : freshSlot(aggregate, stream);
    this.#active.set(stream, slot);
    return slot;
  }

  #mayBegin(slot: StreamSlot): boolean {
    return !slot.turn && !slot.broken && slot.underWay < this.limits.underWay;
  }

  #beginNext(slot: StreamSlot): void {
    if (this.#mayBegin(slot)) slot.waiting.shift()?.start();
  }

  async #perform<Result>(slot: StreamSlot, job: Job, work: Work<Result>): Promise<Result> {
    slot.turn = job;
    slot.underWay += 1;
    let again: Promise<Result> | undefined;
    try {
      const result = await work(slot);
      if (result !== DISCARDED) return result;
      job.discarded = true;
      again = this.#wait(slot, job, work);
    } finally {
      this.#end(slot, job);
    }
    return again;
  }

  #end(slot: StreamSlot, job: Job): void {
    slot.underWay -= 1;
    if (slot.turn === job) slot.turn = undefined;
    if (slot.underWay === 0) {
      slot.broken = false;
      if (slot.doubted) forget(slot);
    }
    this.#beginNext(slot);
    if (slot.underWay > 0) return;
    this.#active.delete(slot.stream);
    if (slot.loaded) this.cache.put(slot);
    else this.cache.delete(slot.stream);
  }

  /** At its place in the order of arrival. */
  #wait<Result>(slot: StreamSlot, job: Job, work: Work<Result>): Promise<Result> {
    const { stream, waiting } = slot;
    return new Promise<Result>((resolve, reject) => {
      let cancel: Cancel = () => undefined;
      const entry = {
        place: job.place,
        start: (): void => {
          cancel();
          this.#perform(slot, job, work).then(resolve, reject);
        },
      };
      cancel = this.runtime.timers.after(
        Math.max(0, job.deadlineAtMs - this.runtime.clock.monotonicMs()),
        () => {
          waiting.splice(waiting.indexOf(entry), 1);
          const stored = job.mayBeStored ? 'whether it was stored is unknown' : 'nothing was stored';
          reject(new CommandTimedOut(`${stream}: the deadline passed while waiting; ${stored}.`));
        },
      );
      const later = waiting.findIndex(({ place }) => place > job.place);
      if (later < 0) waiting.push(entry);
      else waiting.splice(later, 0, entry);
    });
  }
}
