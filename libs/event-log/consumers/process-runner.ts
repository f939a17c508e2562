import {
  EventLogError,
  EventTooLarge,
  LogClosed,
  LogDamaged,
  type Position,
  type RecordedEvent,
  StreamTombstoned,
} from '#libs/event-log/port/index.js';
import { SubjectKeysUnavailable } from '#libs/security/port/index.js';
import { ViewsUnavailable } from '#libs/views/port/index.js';
import { UnknownEventType } from '../codec/errors.js';
import { CommandOverloaded, CommandTimedOut } from '../runner/types.js';
import type { Batch } from './batch.js';
import { DEAD_LETTERS_OWNER } from './dead-letters.js';
import { ageMs } from './lag.js';
import { firstNew, type Member } from './member.js';
import { type RunnerParts, StoppedError } from './projection-runner.js';
import { ReactionQueue } from './reaction-queue.js';
import { NotYetPossible, type ConsumerStatus, type ProcessManager } from './types.js';

/** Events that wait for one process manager; past it, it reads by itself and slows nobody down. */
const LONGEST_QUEUE = 2_000;
/** Pauses after 1st, 2nd, … failed try: a poison event is out of the way within some 2 seconds. */
const PAUSES_MS = [50, 150, 450, 1_350];
const LONGEST_PAUSE_MS = 5_000;
/** Steps forward after which the checkpoint is stored; in between a crash repeats harmless reactions. */
const STORE_AFTER_REACTIONS = 256;
/** The same for events that did not concern the manager. */
const STORE_AFTER_EVENTS = 5_000;

/** Faults of the surroundings: they pass, and say nothing about the event. Retried for as long as they last. */
const PASSING = [
  CommandOverloaded,
  CommandTimedOut,
  ViewsUnavailable,
  SubjectKeysUnavailable,
  NotYetPossible,
];
/** Of the log's errors those that do say something about the event. */
const OF_THE_EVENT = [StreamTombstoned, EventTooLarge];

function isPassing(error: unknown): boolean {
  if (error instanceof EventLogError) return !OF_THE_EVENT.some((kind) => error instanceof kind);
  return PASSING.some((kind) => error instanceof kind);
}

export class ProcessRunner implements Member {
  /** As fast as its reactions. */
  readonly sharesCatchUp = false;
  position: Position | undefined;
  stopped: string | undefined;
  /** Everything up to here was reacted to. */
  done: Position | undefined;
  #stored: Position | undefined;
  #unstoredReactions = 0;
  #unstoredEvents = 0;
  #storing: Promise<void> = Promise.resolve();
  #deadLetters = 0;
  #caughtUp = false;
  #finishing = false;
  readonly #queue: ReactionQueue;
  readonly #listens: ReadonlySet<string>;

  constructor(
    private readonly parts: RunnerParts,
    private readonly manager: ProcessManager,
  ) {
    this.#listens = new Set(parts.catalogue.storedTypes(manager.events));
    this.#queue = new ReactionQueue(manager.concurrency ?? 1, (position, count) =>
      this.#advance(position, count),
    );
  }

  get name(): string {
    return this.manager.name;
  }

  async define(deadLetters: number): Promise<void> {
    this.#deadLetters = deadLetters;
    this.position = this.done = this.#stored = await this.parts.views.checkpoint(this.name);
  }

  async take(batch: Batch): Promise<void> {
    const first = firstNew(batch, this.position);
    for (let index = first; index < batch.knownCount; index += 1) {
      const event = batch.events[index]!;
      if (this.#listens.has(event.type)) this.#queue.push(event, () => this.#react(batch, index, event));
    }
    const last = batch.events[batch.knownCount - 1];
    if (last && batch.knownCount > first) {
      this.#unstoredEvents += batch.knownCount - first;
      this.skipTo(last.position);
    }
    const unknown = batch.events[batch.knownCount];
    if (unknown) throw new UnknownEventType(unknown.type, unknown.stream, unknown.revision);
    // Reading on by itself: as slow as the reactions. In the common feed it has left by `keepsUp`.
    if (!this.keepsUp()) await this.#queue.shrunkTo(LONGEST_QUEUE * 4);
  }

  skipTo(position: Position): void {
    this.position = position;
    if (this.#queue.size === 0) this.#advance(position, 0);
  }

  reachedEnd(): void {
    this.#caughtUp = true;
    if (!this.#finishing) void this.#finishUp();
  }

  fail(error: unknown): void {
    this.stopped = error instanceof Error ? error.message : String(error);
    this.parts.report(this.name, error);
    this.parts.moved();
  }

  keepsUp(): boolean {
    return this.#queue.size < LONGEST_QUEUE;
  }

  status(): ConsumerStatus {
    return {
      name: this.name,
      checkpoint: this.done,
      lagMs: ageMs(this.parts.runtime.clock, this.#queue.oldest?.recordedAt),
      caughtUp: this.#caughtUp && this.stopped === undefined && this.#queue.size === 0,
      deadLetters: this.#deadLetters,
      stopped: this.stopped,
    };
  }

  async settle(): Promise<void> {
    await this.#queue.stop();
    await this.#storing;
    await this.#store();
  }

  async #finishUp(): Promise<void> {
    this.#finishing = true;
    await this.#queue.shrunkTo(0);
    try {
      if (!this.parts.signal.aborted) await this.manager.caughtUp?.();
    } catch (error) {
      this.parts.report(this.name, error);
    }
    this.#finishing = false;
  }

  async #react(batch: Batch, index: number, event: RecordedEvent): Promise<void> {
    const { runtime, signal, report } = this.parts;
    let failures = 0;
    for (let tries = 0; ; tries += 1) {
      if (signal.aborted) throw new StoppedError();
      try {
        return await this.manager.react(batch.decoded(index));
      } catch (error) {
        if (error instanceof LogClosed) throw error;
        report(this.name, error);
        if (error instanceof LogDamaged) throw error;
        if (!isPassing(error)) failures += 1;
        if (failures > PAUSES_MS.length) return this.#putAside(event, error);
        const pauseMs =
          failures > 0 ? PAUSES_MS[failures - 1]! : Math.min(100 * 2 ** tries, LONGEST_PAUSE_MS);
        await runtime.timers.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  async #putAside(event: RecordedEvent, error: unknown): Promise<void> {
    const { views, deadLetters } = this.parts;
    // Under another owner: the manager's own checkpoint must stay behind reactions that are still under way.
    await views.commit(DEAD_LETTERS_OWNER, event.position, (writer) => {
      deadLetters.put(writer, this.name, event, error);
    });
    this.#deadLetters += 1;
  }

  #advance(position: Position, reactions: number): void {
    // Past the last reaction lies only what does not concern this manager.
    this.done = this.#queue.size === 0 ? this.position : position;
    this.#unstoredReactions += reactions;
    const isDue =
      this.#unstoredReactions >= (this.#queue.size === 0 ? 1 : STORE_AFTER_REACTIONS) ||
      this.#unstoredEvents >= STORE_AFTER_EVENTS;
    if (isDue) {
      this.#unstoredReactions = this.#unstoredEvents = 0;
      // One at a time; what is done meanwhile goes along.
      this.#storing = this.#storing.then(() => this.#store());
    }
    this.parts.moved();
  }

  async #store(): Promise<void> {
    const { done } = this;
    if (done === undefined || done === this.#stored) return;
    try {
      await this.parts.views.commit(this.name, done, () => undefined);
      this.#stored = done;
    } catch (error) {
      // Not lost: the next step forward stores it.
      this.parts.report(this.name, error);
    }
  }
}
