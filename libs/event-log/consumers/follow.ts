import {
  type EventFilter,
  type EventLog,
  LogClosed,
  type Position,
  type RecordedEvent,
} from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import { Batch } from './batch.js';

export interface Following {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
  readonly runtime: Pick<Runtime, 'timers' | 'clock'>;
  readonly filter?: EventFilter;
  /** Where faults are told; the subscription is taken up again all the same. */
  readonly report: (name: string, error: unknown) => void;
}

export interface FollowRequest {
  /** For reports. */
  readonly name: string;
  readonly after: Position | undefined;
  readonly signal: AbortSignal;
  /** Until the end of the log is reached for the first time, pages are joined up to so many events. */
  readonly catchUpEvents: number;
}

export type FollowMessage =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** A subscription that is taken up again after faults, from the last event given out. Ends with the signal or the log. */
export async function* follow(following: Following, request: FollowRequest): AsyncGenerator<FollowMessage> {
  const { name, signal } = request;
  let { after } = request;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const message of once(following, { ...request, after })) {
        pauseMs = FIRST_PAUSE_MS;
        yield message;
        if (message.kind === 'batch') after = message.batch.position;
        else if (message.kind === 'checkpoint') after = message.position;
      }
      return;
    } catch (error) {
      if (signal.aborted || error instanceof LogClosed) return;
      following.report(name, error);
      await following.runtime.timers.sleep(pauseMs, signal).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}

async function* once(following: Following, request: FollowRequest): AsyncGenerator<FollowMessage> {
  const { log, filter } = following;
  const { after = 'start', signal, catchUpEvents } = request;
  let behind = true;
  let gathered: RecordedEvent[] = [];
  for await (const message of log.subscribe({ after, filter, signal })) {
    if (message.kind === 'events') {
      gathered = gathered.length === 0 ? [...message.events] : gathered.concat(message.events);
      if (behind && gathered.length < catchUpEvents) continue;
    }
    if (gathered.length > 0) {
      yield { kind: 'batch', batch: await Batch.of(following, gathered) };
      gathered = [];
    }
    if (message.kind === 'events') continue;
    if (message.kind === 'caught-up') behind = false;
    yield message;
  }
}
