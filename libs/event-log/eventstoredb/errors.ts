import {
  AccessDeniedError,
  StreamDeletedError,
  WrongExpectedVersionError,
  convertToCommandError,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import {
  EventLogError,
  LogDamaged,
  LogUnavailable,
  RevisionConflict,
  StreamTombstoned,
} from '#libs/event-log/port/index.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';

/** The port's error for what a call other than an append fails with. */
export function portError(
  failure: unknown,
  stream: string,
  expected: ExpectedRevision = 'any',
): EventLogError {
  if (failure instanceof EventLogError) return failure;
  const error = failure instanceof Error ? convertToCommandError(failure) : failure;
  if (error instanceof StreamDeletedError) return new StreamTombstoned(stream);
  if (error instanceof WrongExpectedVersionError) {
    const actual = error.actualVersion;
    return new RevisionConflict(stream, expected, typeof actual === 'bigint' ? Number(actual) : 'no-stream');
  }
  if (error instanceof AccessDeniedError) {
    return new LogUnavailable('The event store refuses these credentials.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (codeOf(error) === status.DATA_LOSS) return new LogDamaged(stream, message);
  return new LogUnavailable(`The event store did not answer: ${message}`, { cause: error });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
