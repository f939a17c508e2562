import type { ResolvedEvent } from '../wire/read-responses.js';
import type { Tracked } from './progress.js';

/** One event on its way through a group. */
export interface Message {
  readonly resolved: ResolvedEvent;
  /** What acknowledgements name: the link's id, or the event's. */
  readonly id: string;
  readonly tracked: Tracked;
  /** Of a replayed parked message: settled in the parked stream, not in the source. */
  readonly replayed: boolean;
  /** Times it was sent and not acknowledged. */
  retryCount: number;
}

/** Sent and not yet answered. */
export interface InFlight {
  readonly message: Message;
  readonly consumer: Consumer;
  readonly sentAtMs: number;
}

/** A subscribed client. */
export interface Consumer {
  /** Messages it takes without having answered. */
  readonly bufferSize: number;
  readonly inFlight: Map<string, InFlight>;
  readonly peer: string;
  readonly connectionName: string;
  readonly username: string;
  readonly connectedAtMs: number;
  totalItems: number;
  /** Tells the client that it is subscribed; before the first message. */
  confirm(): void;
  send(message: Message): void;
  /** Ends the call with a failure. */
  drop(reason: Error): void;
}

export function hasRoom(consumer: Consumer, message: Message): boolean {
  return consumer.inFlight.size < consumer.bufferSize && !consumer.inFlight.has(message.id);
}
