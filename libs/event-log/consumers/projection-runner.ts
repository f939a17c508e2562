import type { Position } from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { type Views, ViewsUnavailable } from '#libs/views/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import { UnknownEventType } from '../codec/errors.js';
import type { DecodedEvent } from '../codec/types.js';
import type { Batch } from './batch.js';
import { DEAD_LETTERS_OWNER, type DeadLetters } from './dead-letters.js';
import { ageMs } from './lag.js';
import { firstNew, type Member } from './member.js';
import type { ConsumerStatus, Projection } from './types.js';

export interface RunnerParts {
  readonly views: Views;
  readonly catalogue: Catalogue;
  readonly deadLetters: DeadLetters;
  readonly runtime: Pick<Runtime, 'timers' | 'clock'>;
  readonly report: (name: string, error: unknown) => void;
  /** Ends pauses. */
  readonly signal: AbortSignal;
  /** Called after each step forward. */
  readonly moved: () => void;
}

/** Events that did not concern a projection after which its place is stored all the same. */
const STORE_CHECKPOINT_EVERY = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Applies events to the tables of one projection, the checkpoint in the same transaction. */
export class ProjectionRunner implements Member {
  readonly sharesCatchUp = true;
  position: Position | undefined;
  stopped: string | undefined;
  #stored: Position | undefined;
  #unstored = 0;
  #deadLetters = 0;
  #busy: Promise<void> = Promise.resolve();
  #caughtUp = false;
  /** When the log recorded the first event of the batch under way. */
  #workingSince: string | undefined;
  /** Until the end is reached for the first time: of the last event applied. */
  #reached: string | undefined;
  readonly #listens: ReadonlySet<string>;

  constructor(
    private readonly parts: RunnerParts,
    private readonly projection: Projection,
    private readonly applied: (events: readonly DecodedEvent[]) => void,
  ) {
    this.#listens = new Set(parts.catalogue.storedTypes(projection.events));
  }

  get name(): string {
    return this.projection.name;
  }

  get done(): Position | undefined {
    return this.position;
  }

  async define(deadLetters: number): Promise<void> {
    const { name, version, tables } = this.projection;
    await this.parts.views.define(name, version, tables);
    this.position = this.#stored = await this.parts.views.checkpoint(name);
    this.#deadLetters = deadLetters;
    // Starting over: what was wrong last time is tried again.
    if (this.position === undefined && deadLetters > 0) await this.#dropDeadLetters();
  }

  /** Forgets everything, for a rebuild from the start of the log. */
  async reset(): Promise<void> {
    await this.parts.views.reset(this.name);
    this.position = this.#stored = undefined;
    this.#caughtUp = false;
    this.stopped = undefined;
    await this.#dropDeadLetters();
  }

  async #dropDeadLetters(): Promise<void> {
    const { views, deadLetters } = this.parts;
    await views.commit(DEAD_LETTERS_OWNER, '0' as Position, (writer) =>
      deadLetters.removeAll(writer, this.name),
    );
    this.#deadLetters = 0;
  }

  take(batch: Batch): Promise<void> {
    this.#busy = this.#take(batch);
    return this.#busy;
  }

  skipTo(position: Position): void {
    this.position = position;
    this.#unstored += 1;
    this.parts.moved();
  }

  reachedEnd(): void {
    this.#caughtUp = true;
    this.parts.moved();
  }

  fail(error: unknown): void {
    if (error instanceof StoppedError) return;
    this.stopped = error instanceof Error ? error.message : String(error);
    this.parts.report(this.name, error);
    this.parts.moved();
  }

  keepsUp(): boolean {
    return true;
  }

  status(): ConsumerStatus {
    return {
      name: this.name,
      checkpoint: this.position,
      lagMs: ageMs(
        this.parts.runtime.clock,
        this.#workingSince ?? (this.#caughtUp ? undefined : this.#reached),
      ),
      caughtUp: this.#caughtUp && this.stopped === undefined,
      deadLetters: this.#deadLetters,
      stopped: this.stopped,
    };
  }

  async settle(): Promise<void> {
    await this.#busy.catch(() => undefined);
    if (this.position === undefined || this.position === this.#stored) return;
    await this.parts.views.commit(this.name, this.position, () => undefined);
    this.#stored = this.position;
  }

  async #take(batch: Batch): Promise<void> {
    const first = firstNew(batch, this.position);
    this.#workingSince = batch.events[first]?.recordedAt;
    const mine: number[] = [];
    for (let index = first; index < batch.knownCount; index += 1) {
      if (this.#listens.has(batch.events[index]!.type)) mine.push(index);
    }
    if (mine.length > 0) await this.#apply(batch, mine);
    else this.#unstored += batch.knownCount - first;
    const last = batch.events[batch.knownCount - 1];
    if (last && batch.knownCount > first) {
      this.position = last.position;
      this.#reached = last.recordedAt;
      if (this.#unstored >= STORE_CHECKPOINT_EVERY) await this.#commit(last.position, () => undefined);
      this.parts.moved();
    }
    const unknown = batch.events[batch.knownCount];
    if (unknown) throw new UnknownEventType(unknown.type, unknown.stream, unknown.revision);
    this.#workingSince = undefined;
  }

  /** All in one transaction; when an event spoils it, one by one. */
  async #apply(batch: Batch, mine: readonly number[]): Promise<void> {
    const { projection } = this;
    const events: DecodedEvent[] = [];
    try {
      await this.#commit(batch.events[mine.at(-1)!]!.position, (writer) => {
        // Not empty when it runs again after an outage.
        events.length = 0;
        for (const index of mine) {
          const decoded = batch.decoded(index);
          projection.project(decoded, writer);
          events.push(decoded);
        }
      });
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      events.length = 0;
      for (const index of mine) if (await this.#applyAlone(batch, index)) events.push(batch.decoded(index));
    }
    if (events.length > 0) this.applied(events);
  }

  async #applyAlone(batch: Batch, index: number): Promise<boolean> {
    const { deadLetters, report } = this.parts;
    const recorded = batch.events[index]!;
    try {
      await this.#commit(recorded.position, (writer) =>
        this.projection.project(batch.decoded(index), writer),
      );
      return true;
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      await this.#commit(recorded.position, (writer) => deadLetters.put(writer, this.name, recorded, error));
      this.#deadLetters += 1;
      report(this.name, error);
      return false;
    }
  }

  /** Waits out an outage of the views, for as long as it lasts. */
  async #commit(position: Position, write: Parameters<Views['commit']>[2]): Promise<void> {
    const { views, report, runtime, signal } = this.parts;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        // After an outage: a commit whose answer was lost must not be repeated, additions would count twice.
        const isApplied = pauseMs > FIRST_PAUSE_MS && (await views.checkpoint(this.name)) === position;
        if (!isApplied) await views.commit(this.name, position, write);
        this.#stored = position;
        this.#unstored = 0;
        return;
      } catch (error) {
        if (!(error instanceof ViewsUnavailable)) throw error;
        report(this.name, error);
      }
      await runtime.timers.sleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) throw new StoppedError();
    }
  }
}

/** The program is stopping while the views are out of reach. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}
