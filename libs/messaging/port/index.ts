import type { JsonObject } from '#libs/event-log/port/index.js';

/** An integration event in CloudEvents 1.0 terms. */
export interface IntegrationEvent {
  readonly id: string;
  /** `sluice.payment.captured.v1` */
  readonly type: string;
  /** Context that publishes, `/payments`. */
  readonly source: string;
  /** Ordering key: the stream it came from. */
  readonly subject: string;
  /** RFC 3339 UTC. */
  readonly time: string;
  readonly tenant: string;
  readonly organisation?: string;
  readonly data: JsonObject;
}

/** Publishes from the log, never beside it; at least once, in order per subject. Consumers drop duplicates by `id`. */
export interface Bus {
  /** Resolves when the bus has the events safely. @throws BusUnavailable, BusOverloaded */
  publish(events: readonly IntegrationEvent[]): Promise<void>;
  /** Delivers to one member of each group; a handler that throws gets the event again. */
  subscribe(
    group: string,
    types: readonly string[],
    handle: (event: IntegrationEvent) => Promise<void>,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable';
}
export class BusOverloaded extends Error {
  override readonly name = 'BusOverloaded';
}
