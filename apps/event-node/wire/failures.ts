import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import {
  AppendOutcomeUnknown,
  LogClosed,
  LogDamaged,
  LogOverloaded,
  LogUnavailable,
} from '#libs/event-log/port/index.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';

/** A failure as the client gets it: a status with trailers, `exception` naming the kind. */
export type Failure = ServiceError;

/** What EventStoreDB writes for the expectations that are not a revision. */
const EXPECTED_NUMBERS = { 'no-stream': '-1', any: '-2', 'stream-exists': '-4' } as const;

export function failure(
  code: status,
  details: string,
  trailers: Readonly<Record<string, string | undefined>> = {},
): Failure {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers))
    if (value !== undefined) metadata.set(key, printable(value));
  return Object.assign(new Error(details), { code, details, metadata });
}

/** gRPC allows printable ASCII in trailers; names in other scripts are percent-encoded. */
function printable(value: string): string {
  return /^[ -~]*$/.test(value) ? value : encodeURIComponent(value);
}

export function invalidArgument(details: string): Failure {
  return failure(status.INVALID_ARGUMENT, details);
}

export function wrongExpectedVersion(
  stream: string,
  expected: ExpectedRevision,
  actual: number | 'no-stream',
): Failure {
  return failure(status.FAILED_PRECONDITION, `The stream is at ${actual}, not at ${expected}.`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': typeof expected === 'number' ? String(expected) : EXPECTED_NUMBERS[expected],
    'actual-version': actual === 'no-stream' ? undefined : String(actual),
  });
}

export function streamDeleted(stream: string): Failure {
  return failure(status.FAILED_PRECONDITION, 'The stream is deleted.', {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

export function appendTooLarge(limitBytes: number): Failure {
  return failure(status.INVALID_ARGUMENT, `An append may have ${limitBytes} bytes at most.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limitBytes),
  });
}

export function accessDenied(): Failure {
  return failure(status.PERMISSION_DENIED, 'Access denied.', { exception: 'access-denied' });
}

/** Ends what would otherwise run as long as the client wishes; the client reconnects elsewhere or later. */
export function nodeStopping(): Failure {
  return failure(status.UNAVAILABLE, 'The node is stopping.');
}

/** The status for whatever the engine, or a defect here, throws. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof LogOverloaded) return failure(status.RESOURCE_EXHAUSTED, message);
  if (error instanceof LogUnavailable || error instanceof LogClosed)
    return failure(status.UNAVAILABLE, message);
  if (error instanceof LogDamaged) return failure(status.DATA_LOSS, message);
  if (error instanceof AppendOutcomeUnknown) return failure(status.DEADLINE_EXCEEDED, message);
  if (error instanceof SyntaxError || error instanceof TypeError) return invalidArgument(message);
  return failure(status.INTERNAL, 'The node failed on this request.');
}

function isFailure(error: unknown): error is Failure {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'metadata' in error;
}
