import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { JsonObject, Position } from '#libs/event-log/port/index.js';

/** How one event type is stored. `encode`/`decode` map the newest domain shape to and from JSON of the newest version. */
export interface EventType<Data> {
  /** The version written today; stored as `<Type>.v<version>`. Its schema is schemas/events/<context>/<Type>.v<version>.json. */
  readonly version: number;
  encode(data: Data): JsonObject;
  decode(json: JsonObject): Data;
  /** `upcasters[1]` turns v1 JSON into v2 JSON. Pure; chosen by the stored name, never by shape. */
  readonly upcasters?: Readonly<Record<number, (json: JsonObject) => JsonObject>>;
}

/** The stored events of one aggregate. */
export interface EventSet<Event extends DomainEvent = DomainEvent> {
  /** Folder below schemas/events: `billing`. */
  readonly context: string;
  readonly types: { readonly [Type in Event['type']]: EventType<Extract<Event, { type: Type }>['data']> };
}

/** Declares how the events of an aggregate are stored. */
export function defineEvents<Event extends DomainEvent>(
  context: string,
  types: EventSet<Event>['types'],
): EventSet<Event> {
  return { context, types };
}

/** What every stored event carries beside its data. */
export interface EventMetadata {
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** Account id of who acted; `system:<process>` for process managers. */
  readonly actor: string;
  readonly tenant: string;
  readonly organisation?: string;
  /** Business time of the command. */
  readonly at: Instant;
  /** SHA-256 over the previous event's hash and this event, hex: the stream's hash chain. */
  readonly hash: string;
}

/** An event as read back: newest domain shape plus where and how it was stored. */
export interface DecodedEvent<Event extends DomainEvent = DomainEvent> {
  readonly event: Event;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: string;
  readonly metadata: EventMetadata;
}
