import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import { status } from '@grpc/grpc-js';
import { ProtoWriter } from '#libs/event-log/eventstoredb/wire/protobuf-writer.js';
import { writeUuid } from '#libs/event-log/eventstoredb/wire/uuid.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';

const writer = new ProtoWriter();

/** @param revision of the last event; -1 when an empty append found no stream */
export function encodeBatchSuccess(
  correlationId: string,
  stream: string,
  revision: number,
  position: number,
): Buffer {
  writeStream(stream);
  const success = writer.mark();
  if (position > 0) {
    const at = writer.mark();
    writer.uint(2, position);
    writer.uint(1, position);
    writer.message(3, at);
  } else {
    writer.empty(4);
  }
  if (revision >= 0) writer.uint(1, revision);
  else writer.empty(2);
  writer.message(3, success);
  writeUuid(writer, 1, correlationId);
  return writer.finish();
}

/** `google.rpc.Status` with its details; db-client reads the kind of failure from the details' type alone. */
export interface BatchFailure {
  readonly code: status;
  readonly message: string;
  readonly typeName: string;
  readonly details: Uint8Array;
}

export function encodeBatchFailure(correlationId: string, stream: string, failure: BatchFailure): Buffer {
  const details = new any.Any();
  details.pack(failure.details, failure.typeName);
  const error = new rpc.Status();
  error.setCode(failure.code as never);
  error.setMessage(failure.message);
  error.setDetails(details);
  writeStream(stream);
  writer.bytes(2, error.serializeBinary());
  writeUuid(writer, 1, correlationId);
  return writer.finish();
}

function writeStream(stream: string): void {
  const identifier = writer.mark();
  writer.string(3, stream);
  writer.message(4, identifier);
}

export function wrongVersionDetails(expected: ExpectedRevision, actual: number | 'no-stream'): BatchFailure {
  const details = new shared.WrongExpectedVersion();
  if (actual === 'no-stream') details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(actual));
  if (typeof expected === 'number') details.setExpectedStreamPosition(String(expected));
  else if (expected === 'no-stream') details.setExpectedNoStream(new empty.Empty());
  else if (expected === 'stream-exists') details.setExpectedStreamExists(new empty.Empty());
  else details.setExpectedAny(new empty.Empty());
  return {
    code: status.FAILED_PRECONDITION,
    message: `The stream is at ${actual}, not at ${expected}.`,
    typeName: 'event_store.client.WrongExpectedVersion',
    details: details.serializeBinary(),
  };
}

export function streamDeletedDetails(stream: string): BatchFailure {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const details = new shared.StreamDeleted();
  details.setStreamIdentifier(identifier);
  return {
    code: status.FAILED_PRECONDITION,
    message: 'The stream is deleted.',
    typeName: 'event_store.client.StreamDeleted',
    details: details.serializeBinary(),
  };
}

export function tooLargeDetails(limitBytes: number): BatchFailure {
  const details = new shared.MaximumAppendSizeExceeded();
  details.setMaxappendsize(limitBytes);
  return {
    code: status.INVALID_ARGUMENT,
    message: `An append may have ${limitBytes} bytes at most.`,
    typeName: 'event_store.client.MaximumAppendSizeExceeded',
    details: details.serializeBinary(),
  };
}

export function timeoutDetails(): BatchFailure {
  return {
    code: status.DEADLINE_EXCEEDED,
    message: 'The append was not stored in time; it may still be.',
    typeName: 'event_store.client.Timeout',
    details: new Uint8Array(),
  };
}

export function unknownDetails(code: status, message: string): BatchFailure {
  return { code, message, typeName: 'event_store.client.Unknown', details: new Uint8Array() };
}
