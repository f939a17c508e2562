import {
  AppendOutcomeUnknown,
  type AppendOptions,
  type AppendResult,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  LogOverloaded,
} from '#libs/event-log/port/index.js';

/**
 * - `ack-lost`: stored, but the answer never comes. `request-lost`: not stored, and nobody knows.
 * - `overloaded`: refused. `fine`: nothing goes wrong.
 */
export type AppendFault = 'ack-lost' | 'request-lost' | 'overloaded' | 'fine';

/** The log with faults at its appends, taken in turn from `nextFault`. */
export function faultyEventLog(log: EventLog, nextFault: () => AppendFault): EventLog {
  const append = async (
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
    options?: AppendOptions,
  ): Promise<AppendResult> => {
    const fault = nextFault();
    if (fault === 'overloaded') throw new LogOverloaded('The queue is full.');
    if (fault === 'request-lost') throw new AppendOutcomeUnknown('The connection broke.');
    const result = await log.append(stream, expected, events, options);
    if (fault === 'ack-lost') throw new AppendOutcomeUnknown('The connection broke.');
    return result;
  };
  return new Proxy(log, {
    get(target, property) {
      if (property === 'append') return append;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
