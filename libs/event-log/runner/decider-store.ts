import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import {
  type AppendResult,
  type EventLog,
  LogOverloaded,
  RevisionConflict,
} from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import type { DecodedEvent, EventSet } from '../codec/types.js';
import { appendUntilKnown } from './append-until-known.js';
import { planAppend } from './append-plan.js';
import { CommandsAhead } from './commands-ahead.js';
import { withinDeadline } from './deadline.js';
import { type AnyResult, type Decided, decideOn, newEvents, withoutEvents } from './decide-on.js';
import { readDecoded, readNews, takeIn } from './read-stream.js';
import {
  type AnyAggregate,
  type CommandJob,
  forget,
  type Job,
  SlotCache,
  type StreamSlot,
} from './stream-slot.js';
import { type Discarded, DISCARDED, StreamQueues } from './stream-queues.js';
import {
  type Aggregate,
  type CommandContext,
  CommandTimedOut,
  type DeciderStore,
  type RunResult,
} from './types.js';

export interface DeciderStoreOptions {
  /** Folded states kept; default 20,000 streams. */
  readonly cachedStreams?: number;
  /** Commands that may wait on one stream; default 1,000. */
  readonly queuedPerStream?: number;
  /** How often one command is decided again after conflicts; default 10. */
  readonly attempts?: number;
  /** Of one append; past it the identical append is repeated within the command's deadline. Default 2,000. */
  readonly appendDeadlineMs?: number;
  /**
   * This process alone writes the streams of its aggregates: what it remembers is the present. Otherwise a refusal, or the
   * answer of `load`, is checked against the log first, because a state remembered here may be out of date. Default false.
   */
  readonly onlyWriter?: boolean;
  /**
   * Of the only writer: commands under way on one stream, each decided on the appends before it while these are not durable
   * yet. The log must take up appends in the order it is handed them, as the embedded engine does. Default 64; without
   * `onlyWriter` always 1.
   */
  readonly underWayPerStream?: number;
}

export interface DeciderStoreDependencies {
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly options?: DeciderStoreOptions;
}

export interface DeciderStoreStats {
  readonly cachedStreams: number;
  readonly loads: number;
  readonly conflicts: number;
  readonly replays: number;
}

/** The store with what operators and erasure need beside it. */
export interface CachingDeciderStore extends DeciderStore {
  stats(): DeciderStoreStats;
  /** Forgets every idle stream; to be called when a person was erased, since remembered states may hold their data. */
  dropCache(): void;
}

const DEFAULT_DEADLINE_MS = 5_000;

export function createDeciderStore(dependencies: DeciderStoreDependencies): CachingDeciderStore {
  return new LogDeciderStore(dependencies);
}

class LogDeciderStore implements CachingDeciderStore {
  readonly #attempts: number;
  readonly #appendDeadlineMs: number;
  readonly #onlyWriter: boolean;
  readonly #cache: SlotCache;
  readonly #queues: StreamQueues;
  /** Of the only writer. */
  readonly #ahead: CommandsAhead | undefined;
  #loads = 0;
  #conflicts = 0;
  #replays = 0;

  constructor(private readonly dependencies: DeciderStoreDependencies) {
    const { options = {}, runtime } = dependencies;
    this.#attempts = options.attempts ?? 10;
    this.#appendDeadlineMs = options.appendDeadlineMs ?? 2_000;
    this.#onlyWriter = options.onlyWriter ?? false;
    this.#cache = new SlotCache(options.cachedStreams ?? 20_000);
    const underWay = this.#onlyWriter ? (options.underWayPerStream ?? 64) : 1;
    this.#queues = new StreamQueues(this.#cache, runtime, {
      queued: options.queuedPerStream ?? 1_000,
      underWay,
    });
    this.#ahead = underWay > 1 ? this.#commandsAhead() : undefined;
  }

  run<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
    aggregate: Aggregate<Command, State, Event, Refusal>,
    id: string,
    command: Command,
    context: CommandContext,
  ): Promise<RunResult<State, Event, Refusal>> {
    const deadlineAtMs = this.#now() + (context.deadlineMs ?? DEFAULT_DEADLINE_MS);
    const job: CommandJob = { ...newJob(deadlineAtMs), command, context, conflicts: 0 };
    const result = this.#queues.enter(this.#known(aggregate), id, job, (slot) => this.#execute(slot, job));
    return result as Promise<RunResult<State, Event, Refusal>>;
  }

  async load<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
    aggregate: Aggregate<Command, State, Event, Refusal>,
    id: string,
  ): Promise<{ readonly state: State; readonly revision: number }> {
    const idle = this.#onlyWriter ? this.#queues.idle(`${aggregate.category}-${id}`) : undefined;
    if (idle?.loaded) return { state: idle.state as State, revision: idle.revision };
    const job = newJob(this.#now() + DEFAULT_DEADLINE_MS);
    return this.#queues.enter(this.#known(aggregate), id, job, async (slot) => {
      if (!slot.loaded || !this.#onlyWriter) await this.#catchUp(slot, job);
      const basis = slot.ahead.at(-1);
      const { state, revision } = basis ?? slot;
      if (basis && !(await this.#ahead?.durable(slot, job, basis))) return DISCARDED;
      return { state: state as State, revision };
    });
  }

  async history<Event extends DomainEvent>(
    { category }: { readonly category: string; readonly events: EventSet<Event> },
    id: string,
  ): Promise<readonly DecodedEvent<Event>[]> {
    const events: DecodedEvent[] = [];
    for await (const page of readDecoded(this.dependencies, `${category}-${id}`)) events.push(...page);
    return events as unknown as readonly DecodedEvent<Event>[];
  }

  stats(): DeciderStoreStats {
    return {
      cachedStreams: this.#cache.size,
      loads: this.#loads,
      conflicts: this.#conflicts,
      replays: this.#replays,
    };
  }

  dropCache(): void {
    this.#cache.clear();
  }

  #known(aggregate: unknown): AnyAggregate {
    const known = aggregate as AnyAggregate;
    if (!this.dependencies.catalogue.has(known.events)) {
      throw new TypeError(`The events of ${known.category} are not in the catalogue.`);
    }
    return known;
  }

  #now(): number {
    return this.dependencies.runtime.clock.monotonicMs();
  }

  #commandsAhead(): CommandsAhead {
    return new CommandsAhead({
      ...this.dependencies,
      queues: this.#queues,
      attempts: this.#attempts,
      appendDeadlineMs: this.#appendDeadlineMs,
      replay: (slot, job, earlier) => this.#replay(slot, job, earlier),
      conflicted: () => (this.#conflicts += 1),
    });
  }

  #execute(slot: StreamSlot, job: CommandJob): Promise<AnyResult | Discarded> {
    if (job.discarded && !slot.loaded)
      return this.#catchUp(slot, job).then(() => this.#executeAlone(slot, job));
    return slot.proven && this.#ahead ? this.#ahead.execute(slot, job) : this.#executeAlone(slot, job);
  }

  /** Keeps the turn until the command's end. */
  async #executeAlone(slot: StreamSlot, job: CommandJob): Promise<AnyResult> {
    // Whether the slot is known to be the present: read for this command, or remembered by the only writer.
    let current = slot.loaded && this.#onlyWriter;
    let conflict: RevisionConflict | undefined;
    for (let attempt = 0; attempt < this.#attempts; attempt += 1) {
      const earlier = slot.commands.find(job.context.commandId);
      if (earlier) return this.#replay(slot, job, earlier);
      const decided = decideOnSlot(slot, job.command);
      const events = decided && newEvents(decided);
      if (events) {
        const outcome = await this.#store(slot, job, events, decided.state);
        if (!(outcome instanceof RevisionConflict)) return outcome;
        conflict = outcome;
      } else if (decided && current) {
        return withoutEvents(decided, slot.revision);
      }
      // Somebody else wrote, or the answer came from a state that may be out of date: read, and decide again.
      await this.#catchUp(slot, job);
      current = true;
    }
    throw conflict ?? new CommandTimedOut(`${slot.stream}: no decision in ${this.#attempts} attempts.`);
  }

  async #store(
    slot: StreamSlot,
    job: CommandJob,
    events: readonly DomainEvent[],
    state: unknown,
  ): Promise<AnyResult | RevisionConflict> {
    const { deadlineAtMs, context } = job;
    const planned = planAppend(this.dependencies, slot, events, context);
    const plan = planned instanceof Promise ? await planned : planned;
    let appended: AppendResult;
    try {
      const expected = slot.revision < 0 ? 'no-stream' : slot.revision;
      const append = { stream: slot.stream, expected, events: plan.events, deadlineAtMs } as const;
      appended = await appendUntilKnown(this.dependencies, append, this.#appendDeadlineMs);
    } catch (error) {
      if (!(error instanceof LogOverloaded)) forget(slot);
      if (!(error instanceof RevisionConflict)) throw error;
      this.#conflicts += 1;
      return error;
    }
    for (let count = events.length; count > 0; count -= 1) {
      slot.commands.push(appended.revision - count + 1, context.commandId);
    }
    slot.loaded = true;
    slot.proven = true;
    slot.state = state;
    slot.revision = appended.revision;
    slot.lastHash = plan.lastHash;
    return {
      accepted: true,
      events,
      state,
      revision: appended.revision,
      position: appended.position,
      replayed: false,
    };
  }

  /** The events come from the log: what was stored then is the answer, whatever would be decided now. */
  async #replay(
    slot: StreamSlot,
    { context }: CommandJob,
    earlier: { readonly revision: number; readonly count: number },
  ): Promise<AnyResult> {
    this.#replays += 1;
    if (context.replayEvents === false) return { ...presentOf(slot), events: [], replayed: true };
    const stored: DecodedEvent[] = [];
    const range = { from: earlier.revision, limit: earlier.count };
    for await (const page of readDecoded(this.dependencies, slot.stream, range)) stored.push(...page);
    const position = stored.at(-1)?.position;
    const events = stored.map(({ event }) => event);
    return { ...presentOf(slot), events, position, replayed: true };
  }

  async #catchUp(slot: StreamSlot, job: Job): Promise<void> {
    this.#loads += 1;
    const { timers } = this.dependencies.runtime;
    const news = await withinDeadline(
      timers,
      job.deadlineAtMs - this.#now(),
      readNews(this.dependencies, slot),
      `${slot.stream}: it could not be read in time; ${job.mayBeStored ? 'whether the command was stored is unknown' : 'nothing was stored'}.`,
    );
    takeIn(slot, news);
  }
}

function newJob(deadlineAtMs: number): Job {
  return { deadlineAtMs, place: 0, discarded: false, mayBeStored: false };
}

function presentOf({ state, revision }: StreamSlot) {
  return { accepted: true, state, revision } as const;
}

/** `undefined` when the slot is only assumed to be a new stream and that makes no sense to the decider. */
function decideOnSlot(slot: StreamSlot, command: unknown): Decided | undefined {
  try {
    return decideOn(slot.aggregate.decider, command, slot.state);
  } catch (error) {
    if (slot.loaded) throw error;
    return undefined;
  }
}
