import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Position } from '#libs/event-log/port/index.js';
import type { DecodedEvent, EventMetadata, EventSet } from '#libs/event-log/codec/types.js';
import type { TableDefinition, ViewWriter } from '#libs/views/port/index.js';

/** A view of the log as tables. Raise `version` when tables or handlers change: the view is then rebuilt from the start. */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: readonly TableDefinition[];
  /** Everything this projection listens to. */
  readonly events: readonly EventSet[];
  /** Never throws on a recorded event; if it does, the event goes to the dead letters and the projection moves on. */
  project(event: DecodedEvent, view: ViewWriter): void;
}

/** Handlers by event type, checked against the event set: a missing type is a compile error, `null` says "on purpose not". */
export type EventHandlers<Event extends DomainEvent> = {
  readonly [Type in Event['type']]:
    ((data: Extract<Event, { type: Type }>['data'], view: ViewWriter, at: EventPlace) => void) | null;
};

export interface EventPlace {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly eventId: string;
  readonly metadata: EventMetadata;
}

/** One event set with its handlers; several make a projection. */
export interface ProjectionPart {
  readonly events: EventSet;
  readonly handlers: Readonly<
    Record<string, ((data: never, view: ViewWriter, at: EventPlace) => void) | null>
  >;
}

export function on<Event extends DomainEvent>(
  events: EventSet<Event>,
  handlers: EventHandlers<Event>,
): ProjectionPart {
  return { events: events as unknown as EventSet, handlers: handlers as ProjectionPart['handlers'] };
}

/**
 * Reacts to events by running commands. At least once: a crash between the reaction and the checkpoint repeats it, so
 * every command it sends must carry an id derived from the event's id.
 */
export interface ProcessManager {
  readonly name: string;
  readonly events: readonly EventSet[];
  /** Must resolve only when the reaction is durable. A throw is retried with growing pauses, then dead-lettered. */
  react(event: DecodedEvent): Promise<void>;
  /** Called once each time the log has been read to its end; a place to finish what a crash left behind. */
  caughtUp?(): Promise<void>;
  /**
   * Reactions under way at once, default 1. Events of one stream are always reacted to one after the other, in order; with
   * more than 1, events of different streams may overtake each other.
   */
  readonly concurrency?: number;
}

export interface ConsumerStatus {
  readonly name: string;
  readonly checkpoint: Position | undefined;
  /** Milliseconds between now and the recording of the last event applied; 0 when caught up. */
  readonly lagMs: number;
  readonly caughtUp: boolean;
  readonly deadLetters: number;
  /** Why this consumer stands still until the program is restarted (an event type it does not know); not ready then. */
  readonly stopped?: string;
}

/** Runs projections and process managers over catch-up subscriptions, supervises and reports them. */
export interface Consumers {
  addProjection(projection: Projection): void;
  addProcessManager(manager: ProcessManager): void;
  /** Resolves when all have started (not caught up). */
  start(): Promise<void>;
  /** Resolves when every projection has applied the position, or throws `ProjectionLagging` past the timeout. */
  waitFor(position: Position, timeoutMs: number): Promise<void>;
  /** Resolves when every consumer has caught up with the log as it is now. */
  caughtUp(): Promise<void>;
  status(): readonly ConsumerStatus[];
  /** Drops and rebuilds one projection. */
  rebuild(projection: string): Promise<void>;
  /** Signals after each commit of a projection, for live updates: the events just applied. */
  onApplied(listener: (projection: string, events: readonly DecodedEvent[]) => void): () => void;
  stop(): Promise<void>;
}

export class ProjectionLagging extends Error {
  override readonly name = 'ProjectionLagging';
}

/** A reaction that cannot be done for now, for no fault of the event: it is tried again for as long as that lasts. */
export class NotYetPossible extends Error {
  override readonly name = 'NotYetPossible';
}
