import type { DomainEvent } from '#libs/kernel/decider/index.js';
import {
  type AppendResult,
  type EventLog,
  EventTooLarge,
  LogOverloaded,
  RevisionConflict,
} from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import { type AppendPlan, planAppend } from './append-plan.js';
import { appendUntilKnown } from './append-until-known.js';
import { withinDeadline } from './deadline.js';
import { type AnyResult, type Decided, decideOn, newEvents, withoutEvents } from './decide-on.js';
import { PendingAppend, type StreamEnd } from './pending-append.js';
import { DISCARDED, type Discarded, type StreamQueues } from './stream-queues.js';
import { becomeDurable, type CommandJob, discardFrom, type Job, type StreamSlot } from './stream-slot.js';

export interface AheadDependencies {
  readonly log: Pick<EventLog, 'append'>;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly queues: StreamQueues;
  readonly attempts: number;
  readonly appendDeadlineMs: number;
  /** The events of a command that has been stored and is durable. */
  replay(
    slot: StreamSlot,
    job: CommandJob,
    earlier: { readonly revision: number; readonly count: number },
  ): Promise<AnyResult>;
  conflicted(): void;
}

interface Planned extends AppendPlan {
  readonly decided: readonly DomainEvent[];
  readonly state: unknown;
}

/**
 * Commands of the only writer: the next one is decided, and its append handed to the log, while the appends before it are
 * under way.
 *
 * No answer leaves before everything it was decided on is durable, a refusal as little as an acceptance. Each append expects
 * the revision behind the one before, and the log takes them up in order: when one is not stored, none decided on it is.
 * These commands are decided anew, in their order, after the last of them is known to be not stored. Each append is repeated
 * by its own command, up to that moment and never later: so no event is ever stored behind another one than it was decided on.
 */
export class CommandsAhead {
  constructor(private readonly dependencies: AheadDependencies) {}

  /** On a slot that is proven. */
  async execute(slot: StreamSlot, job: CommandJob): Promise<AnyResult | Discarded> {
    const { commandId } = job.context;
    const earlier = slot.commands.find(commandId);
    if (earlier) {
      this.dependencies.queues.release(slot, job);
      return this.dependencies.replay(slot, job, earlier);
    }
    const twin = slot.ahead.find(({ command }) => command.id === commandId);
    if (twin) {
      if (!(await this.durable(slot, job, twin))) return DISCARDED;
      return this.dependencies.replay(slot, job, slot.commands.find(commandId)!);
    }
    const basis = slot.ahead.at(-1);
    const end = basis ?? slot;
    let decided: Decided;
    let planned: Planned | undefined;
    try {
      decided = decideOn(slot.aggregate.decider, job.command, end.state);
      const planning = this.#plan(slot, end, decided, job);
      planned = planning instanceof Promise ? await planning : planning;
    } catch (error) {
      if (basis && !(await this.durable(slot, job, basis))) return DISCARDED;
      throw error;
    }
    if (planned) return this.#store(slot, job, basis, planned);
    if (basis && !(await this.durable(slot, job, basis))) return DISCARDED;
    return withoutEvents(decided, end.revision);
  }

  /**
   * Lets the next command begin and waits until the append, and with it everything below, is durable; `false`: it was discarded.
   *
   * @throws CommandTimedOut
   */
  durable(slot: StreamSlot, job: Job, basis: PendingAppend): Promise<boolean> {
    this.dependencies.queues.release(slot, job);
    const { clock, timers } = this.dependencies.runtime;
    const late = `${slot.stream}: the deadline passed; whether the commands before this one were stored is unknown.`;
    return withinDeadline(timers, job.deadlineAtMs - clock.monotonicMs(), basis.becameDurable(), late);
  }

  #plan(
    slot: StreamSlot,
    { revision, lastHash }: StreamEnd,
    decided: Decided,
    { context }: CommandJob,
  ): Planned | Promise<Planned> | undefined {
    const events = newEvents(decided);
    if (!events) return undefined;
    const { state } = decided;
    const { streamJson } = slot;
    const plan = planAppend(this.dependencies, { streamJson, revision, lastHash }, events, context);
    return plan instanceof Promise
      ? plan.then((made) => ({ ...made, decided: events, state }))
      : { ...plan, decided: events, state };
  }

  async #store(
    slot: StreamSlot,
    job: CommandJob,
    basis: PendingAppend | undefined,
    plan: Planned,
  ): Promise<AnyResult | Discarded> {
    // While keys were fetched.
    if (basis?.fate === 'discarded') return DISCARDED;
    const { decided, state, events, lastHash } = plan;
    const before = (basis ?? slot).revision;
    const revision = before + events.length;
    const append = {
      stream: slot.stream,
      expected: before < 0 ? 'no-stream' : before,
      events,
      deadlineAtMs: job.deadlineAtMs,
    } as const;
    const appending = appendUntilKnown(this.dependencies, append, this.dependencies.appendDeadlineMs);
    const command = { id: job.context.commandId, events: events.length };
    const pending = new PendingAppend(command, state, revision, lastHash);
    slot.ahead.push(pending);
    this.dependencies.queues.release(slot, job);
    const outcome = await this.#outcome(slot, job, basis, appending);
    if (outcome instanceof Error) return this.#notStored(slot, job, pending, outcome);
    if (pending.fate === 'discarded') {
      // Stored after all, behind an append of which that had not become known in time: the stream will tell.
      job.mayBeStored = true;
      slot.doubted = true;
      return DISCARDED;
    }
    becomeDurable(slot, pending);
    const { position } = outcome;
    return { accepted: true, events: decided, state, revision, position, replayed: false };
  }

  /** Of the append, once the outcome of the one below is known, where the one depends on the other. */
  async #outcome(
    slot: StreamSlot,
    job: Job,
    basis: PendingAppend | undefined,
    appending: Promise<AppendResult>,
  ): Promise<AppendResult | Error> {
    let outcome: AppendResult | Error;
    try {
      outcome = await appending;
    } catch (error) {
      outcome = error as Error;
      if (!(error instanceof RevisionConflict)) return outcome;
    }
    try {
      // Seldom: the log answers in order, but an answer may be lost.
      if (basis?.fate === 'open') await this.durable(slot, job, basis);
      return outcome;
    } catch (error) {
      return error as Error;
    }
  }

  /** Not stored, or not known to be. */
  #notStored(slot: StreamSlot, job: CommandJob, pending: PendingAppend, failure: Error): Discarded {
    const conflict = failure instanceof RevisionConflict;
    // Overload and size are said before anything is written: the stream is as it was. So it is where the one below was refused.
    const certain = failure instanceof LogOverloaded || failure instanceof EventTooLarge;
    if (pending.fate === 'discarded') {
      if (conflict) return DISCARDED;
      slot.doubted ||= !certain;
      throw failure;
    }
    discardFrom(slot, pending);
    slot.doubted ||= !certain;
    if (!conflict) throw failure;
    this.dependencies.conflicted();
    job.conflicts += 1;
    if (job.conflicts >= this.dependencies.attempts) throw failure;
    return DISCARDED;
  }
}
