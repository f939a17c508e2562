import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
  convertToCommandError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import {
  AppendOutcomeUnknown,
  EventLogError,
  EventTooLarge,
  LogDamaged,
  LogUnavailable,
  RevisionConflict,
  StreamTombstoned,
} from '#libs/event-log/port/index.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';

/** What a call was about: errors name it as the caller did, not as the server counts. */
export interface Subject {
  readonly stream: string;
  readonly expected?: ExpectedRevision;
  readonly sizeBytes?: number;
}

/** The port's error for what the server refused by name; undefined for every other failure. */
function refusalOf(error: unknown, { stream, expected = 'any', sizeBytes = 0 }: Subject): Error | undefined {
  if (error instanceof EventLogError) return error;
  if (error instanceof StreamDeletedError) return new StreamTombstoned(stream);
  if (error instanceof WrongExpectedVersionError) {
    const actual = error.actualVersion;
    return new RevisionConflict(stream, expected, typeof actual === 'bigint' ? Number(actual) : 'no-stream');
  }
  if (error instanceof MaxAppendSizeExceededError) return new EventTooLarge(sizeBytes, error.maxAppendSize);
  if (error instanceof AccessDeniedError) {
    return new LogUnavailable('The event store refuses these credentials.', { cause: error });
  }
  return undefined;
}

/** Of a call other than an append: what was not answered did not happen, or may be asked again. */
export function portError(failure: unknown, subject: Subject): Error {
  const error = failure instanceof Error ? convertToCommandError(failure) : failure;
  const refusal = refusalOf(error, subject);
  if (refusal) return refusal;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === status.DATA_LOSS) return new LogDamaged(subject.stream, message);
  return new LogUnavailable(`The event store did not answer: ${message}`, { cause: error });
}

/** Of an append: what was not refused by name may or may not be stored. */
export function appendError(error: unknown, subject: Subject): Error {
  const unknown = `The append to ${subject.stream} may or may not be stored.`;
  return refusalOf(error, subject) ?? new AppendOutcomeUnknown(unknown, { cause: error });
}
