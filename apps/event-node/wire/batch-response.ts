import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import { status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import { streamIdentifier } from './read-responses.js';
import { wireUuid } from './uuid.js';

/** @param revision of the last event; -1 when an empty append found no stream */
export function batchSuccess(
  correlationId: string,
  stream: string,
  revision: number,
  position: number,
): BatchAppendResp {
  const success = new streams.BatchAppendResp.Success();
  if (revision >= 0) success.setCurrentRevision(String(revision));
  else success.setNoStream(new empty.Empty());
  const at = new shared.AllStreamPosition();
  at.setCommitPosition(String(position)).setPreparePosition(String(position));
  if (position > 0) success.setPosition(at);
  else success.setNoPosition(new empty.Empty());
  return answerTo(correlationId, stream).setSuccess(success);
}

/** `google.rpc.Status` with its details; db-client reads the kind of failure from the details' type alone. */
export interface BatchFailure {
  readonly code: status;
  readonly message: string;
  readonly typeName: string;
  readonly details: Uint8Array;
}

export function batchFailure(correlationId: string, stream: string, failure: BatchFailure): BatchAppendResp {
  const details = new any.Any();
  details.pack(failure.details, failure.typeName);
  const error = new rpc.Status();
  error.setCode(failure.code as never);
  error.setMessage(failure.message);
  error.setDetails(details);
  return answerTo(correlationId, stream).setError(error);
}

function answerTo(correlationId: string, stream: string): BatchAppendResp {
  return new streams.BatchAppendResp()
    .setCorrelationId(wireUuid(correlationId))
    .setStreamIdentifier(streamIdentifier(stream));
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
  const details = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream));
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
