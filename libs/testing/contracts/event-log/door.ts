import { randomUUID } from 'node:crypto';
import type { EventLog, EventToAppend, JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';

/** One implementation of the port, opened for the suite. */
export interface EventLogDoor {
  readonly log: EventLog;
  /** Closes the log and opens it again on the same store; absent where that means nothing. */
  reopen?(): Promise<EventLog>;
  close(): Promise<void>;
}

/** Everything a case needs. The log may hold other events, and others may write meanwhile: names are unique per run. */
export interface ContractContext {
  log(): EventLog;
  door(): EventLogDoor;
  /** A stream name never used before; all names of a run share `prefix`. */
  stream(category?: string): string;
  /** Begins every stream name of this run, and no other. */
  readonly prefix: string;
}

export function contractContext(door: () => EventLogDoor): ContractContext {
  const prefix = `t${randomUUID().slice(0, 8)}`;
  let count = 0;
  return {
    door,
    log: () => door().log,
    prefix,
    stream(category = 'bill') {
      count += 1;
      return `${prefix}${category}-${count}`;
    },
  };
}

export function event(type = 'BillIssued.v1', data: JsonObject = { amount: '140950' }): EventToAppend {
  return { id: randomUUID(), type, data, metadata: { actor: 'bursar', tenant: 'school' } };
}

export function events(count: number, type = 'BillIssued.v1'): EventToAppend[] {
  return Array.from({ length: count }, (_, index) => event(type, { index }));
}

export async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export function idsOf(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}

/** The error a promise rejects with; fails when it does not reject. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, got ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error,
  );
}
