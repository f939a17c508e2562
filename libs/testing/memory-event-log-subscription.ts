import type { SubscriptionMessage } from '#libs/event-log/port/index.js';
import { copyOfEvent, type StoredEvent } from './memory-event-log-stream.js';

export interface MemorySubscription {
  /** The log itself; grows while the subscription runs. */
  readonly events: readonly StoredEvent[];
  readonly next: number;
  readonly matches: (event: StoredEvent) => boolean;
  readonly pageSize: number;
  readonly signal: AbortSignal;
  readonly isClosed: () => boolean;
  /** Called after each append and at close. */
  readonly wakeUps: Set<() => void>;
}

export async function* followMemoryLog(
  subscription: MemorySubscription,
): AsyncGenerator<SubscriptionMessage> {
  const { events, matches, pageSize, signal, isClosed, wakeUps } = subscription;
  const ended = (): boolean => signal.aborted || isClosed();
  let next = subscription.next;
  while (!ended()) {
    while (next < events.length && !ended()) {
      const page = events.slice(next, next + pageSize);
      next += page.length;
      const found = page.filter(matches);
      if (found.length > 0) yield { kind: 'events', events: found.map(copyOfEvent) };
      if (found.at(-1) !== page.at(-1) && !ended())
        yield { kind: 'checkpoint', position: page.at(-1)!.position };
    }
    if (ended()) return;
    yield { kind: 'caught-up' };
    while (next >= events.length && !ended()) await wokenUp(signal, wakeUps);
  }
}

function wokenUp(signal: AbortSignal, wakeUps: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      wakeUps.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    wakeUps.add(wake);
    signal.addEventListener('abort', wake);
  });
}
