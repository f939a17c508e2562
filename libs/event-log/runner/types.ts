import type { Decider, DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Position } from '#libs/event-log/port/index.js';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';

/** A decider, the stream category it owns (`bill` → `bill-<id>`) and how its events are stored. */
export interface Aggregate<Command, State, Event extends DomainEvent, Refusal extends Rejection> {
  readonly category: string;
  readonly decider: Decider<Command, State, Event, Refusal>;
  readonly events: EventSet<Event>;
}

/** Travels with every command; the domain never sees it, the stored metadata does. */
export interface CommandContext {
  /** UUID; the same id means the same command, so a retry finds what the first try stored. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly actor: string;
  readonly tenant: string;
  readonly organisation?: string;
  readonly at: Instant;
  /** Default 5,000 for the whole command, retries included. */
  readonly deadlineMs?: number;
  /** Default true. `false`: a replay answers without events and position, and reads nothing; for who needs the state alone. */
  readonly replayEvents?: boolean;
}

export type RunResult<State, Event, Refusal> =
  | {
      readonly accepted: true;
      readonly events: readonly Event[];
      readonly state: State;
      /** Of the stream after the command; -1 when the command had nothing to say to a stream that does not exist. */
      readonly revision: number;
      /** Of the last event stored by this command; absent when it decided no events. */
      readonly position?: Position;
      /** The command id had been stored before: these are the events of that first time, none without `replayEvents`. */
      readonly replayed: boolean;
    }
  | { readonly accepted: false; readonly rejection: Refusal; readonly state: State };

/** Runs commands against streams: load (or take from cache) → decide → append at the revision read → fold. */
export interface DeciderStore {
  /**
   * Commands on one stream in one process run one after the other; a conflict with another process reloads and decides again.
   *
   * @throws CommandTimedOut      the deadline passed; if an append was under way its outcome is unknown
   * @throws CommandOverloaded    the stream's queue is full (bounded)
   * @throws EventLogError        from the port
   * @throws ImpossibleHistoryError
   */
  run<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
    aggregate: Aggregate<Command, State, Event, Refusal>,
    id: string,
    command: Command,
    context: CommandContext,
  ): Promise<RunResult<State, Event, Refusal>>;

  /** The current state, or the decider's initial one for a stream that does not exist (revision -1). */
  load<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
    aggregate: Aggregate<Command, State, Event, Refusal>,
    id: string,
  ): Promise<{ readonly state: State; readonly revision: number }>;

  /** The stream's whole history, decoded; for timelines and audits. */
  history<Event extends DomainEvent>(
    of: { readonly category: string; readonly events: EventSet<Event> },
    id: string,
  ): Promise<readonly DecodedEvent<Event>[]>;
}

export class CommandTimedOut extends Error {
  override readonly name = 'CommandTimedOut';
}

export class CommandOverloaded extends Error {
  override readonly name = 'CommandOverloaded';
}
