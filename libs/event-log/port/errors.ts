import type { ExpectedRevision } from './event-log.js';

/** Base of everything the port throws. `stored` tells whether the append took effect. */
export abstract class EventLogError extends Error {
  abstract readonly stored: 'no' | 'unknown';
}

export class RevisionConflict extends EventLogError {
  override readonly name = 'RevisionConflict';
  readonly stored = 'no';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Revision of the last event, or `no-stream`. */
    readonly actual: number | 'no-stream',
  ) {
    super(`Stream ${stream} is at ${actual}, not at ${expected}.`);
  }
}

export class StreamTombstoned extends EventLogError {
  override readonly name = 'StreamTombstoned';
  readonly stored = 'no';
  constructor(readonly stream: string) {
    super(`Stream ${stream} was deleted for good.`);
  }
}

export class EventTooLarge extends EventLogError {
  override readonly name = 'EventTooLarge';
  readonly stored = 'no';
  constructor(
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super(`An append of ${sizeBytes} bytes exceeds the limit of ${limitBytes} bytes.`);
  }
}

export class LogOverloaded extends EventLogError {
  override readonly name = 'LogOverloaded';
  readonly stored = 'no';
}

export class AppendOutcomeUnknown extends EventLogError {
  override readonly name = 'AppendOutcomeUnknown';
  readonly stored = 'unknown';
}

export class LogUnavailable extends EventLogError {
  override readonly name = 'LogUnavailable';
  readonly stored = 'no';
}

export class LogClosed extends EventLogError {
  override readonly name = 'LogClosed';
  readonly stored = 'no';
}

/** A stored event is not what was written: a flipped bit, a lost page, a foreign hand. Restore from a copy; nothing heals it. */
export class LogDamaged extends EventLogError {
  override readonly name = 'LogDamaged';
  readonly stored = 'no';
  constructor(
    /** Where in the log, as exactly as is known: a position, a stream and revision, or the file's own structure. */
    readonly place: string,
    readonly reason: string,
  ) {
    super(`The event log is damaged at ${place}: ${reason}`);
  }
}
