import shared from '@eventstore/db-client/generated/shared_pb.js';
import { ProtoReader } from './protobuf-reader.js';
import { readUuid } from './uuid.js';

/** `google.rpc.Code`. */
const UNKNOWN = 2;

/** What became of one append, as the server says. */
export type BatchAppendOutcome =
  | { readonly kind: 'stored'; readonly revision: number; readonly commit: bigint; readonly prepare: bigint }
  | { readonly kind: 'wrong-revision'; readonly actual: number | 'no-stream' }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'access-denied' }
  /** The server gave up waiting; it may still be stored. */
  | { readonly kind: 'timeout' }
  /** Any other failure; `code` is a `google.rpc.Code`. */
  | { readonly kind: 'failed'; readonly code: number; readonly message: string };

export interface BatchAppendResponse {
  readonly correlationId: string;
  readonly outcome: BatchAppendOutcome;
}

/** Decodes `BatchAppendResp` (streams.proto). @throws MalformedMessage */
export function decodeBatchAppendResponse(bytes: Buffer): BatchAppendResponse {
  const reader = new ProtoReader(bytes);
  let correlationId = '';
  let outcome: BatchAppendOutcome = {
    kind: 'failed',
    code: UNKNOWN,
    message: 'The response carries no result.',
  };
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        correlationId = readUuid(reader.message());
        break;
      case 2:
        outcome = readStatus(reader.message());
        break;
      case 3:
        outcome = readSuccess(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  return { correlationId, outcome };
}

function readSuccess(reader: ProtoReader): BatchAppendOutcome {
  let revision = -1;
  let commit = 0n;
  let prepare = 0n;
  while (reader.next()) {
    if (reader.field === 1) revision = reader.uint();
    else if (reader.field === 3) {
      const position = reader.message();
      while (position.next()) {
        if (position.field === 1) commit = position.uint64();
        else if (position.field === 2) prepare = position.uint64();
        else position.skip();
      }
    } else reader.skip();
  }
  return { kind: 'stored', revision, commit, prepare };
}

/** `google.rpc.Status` whose details are one of the messages of shared.proto, packed into an Any. */
function readStatus(reader: ProtoReader): BatchAppendOutcome {
  let code = UNKNOWN;
  let message = '';
  let typeUrl = '';
  let value: Uint8Array = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) code = reader.uint();
    else if (reader.field === 2) message = reader.string();
    else if (reader.field === 3) {
      const any = reader.message();
      while (any.next()) {
        if (any.field === 1) typeUrl = any.string();
        else if (any.field === 2) value = any.bytes();
        else any.skip();
      }
    } else reader.skip();
  }
  return readDetails(typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value, { code, message });
}

function readDetails(
  typeName: string,
  value: Uint8Array,
  status: { readonly code: number; readonly message: string },
): BatchAppendOutcome {
  switch (typeName) {
    case 'event_store.client.WrongExpectedVersion': {
      const details = shared.WrongExpectedVersion.deserializeBinary(value);
      const actual = details.hasCurrentStreamRevision()
        ? Number(details.getCurrentStreamRevision())
        : 'no-stream';
      return { kind: 'wrong-revision', actual };
    }
    case 'event_store.client.StreamDeleted':
      return { kind: 'stream-deleted' };
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const details = shared.MaximumAppendSizeExceeded.deserializeBinary(value);
      return { kind: 'too-large', limitBytes: details.getMaxappendsize() };
    }
    case 'event_store.client.AccessDenied':
      return { kind: 'access-denied' };
    case 'event_store.client.Timeout':
      return { kind: 'timeout' };
    default:
      return { kind: 'failed', code: status.code, message: status.message || typeName };
  }
}
