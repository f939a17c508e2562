import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { RawEventToAppend } from '#libs/event-log/sqlite/engine-api.js';
import { revisionNumber } from './expected-revision.js';
import { uuidOf } from './uuid.js';

/** One `BatchAppendReq`: a part of an append, or all of it. */
export interface BatchPart {
  readonly correlationId: string;
  readonly options: BatchOptions | undefined;
  readonly events: readonly RawEventToAppend[];
  readonly bytes: number;
  readonly final: boolean;
}

export interface BatchOptions {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** When the client stops waiting, Unix epoch in ms; undefined when it does not say. */
  readonly deadlineEpochMs: number | undefined;
}

/** @throws Failure INVALID_ARGUMENT for a revision past 2^53 - 1; an error of google-protobuf for what is no message */
export function decodeBatchPart(bytes: Buffer): BatchPart {
  const request = streams.BatchAppendReq.deserializeBinary(bytes);
  const options = request.getOptions();
  return {
    correlationId: uuidOf(request.getCorrelationId()),
    options: options && optionsOf(options),
    events: request.getProposedMessagesList().map(proposedEventOf),
    bytes: bytes.length,
    final: request.getIsFinal(),
  };
}

function optionsOf(options: BatchAppendReq.Options): BatchOptions {
  return {
    stream: Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    expected: expectedOf(options),
    deadlineEpochMs: options.getDeadline()?.toDate().getTime(),
  };
}

function expectedOf(options: BatchAppendReq.Options): ExpectedRevision {
  if (options.hasStreamPosition()) return revisionNumber(options.getStreamPosition());
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  return 'any';
}

/** Append and BatchAppend have each a message of their own for an event, of the same shape. */
type ProposedMessage = Pick<
  BatchAppendReq.ProposedMessage,
  'getId' | 'getMetadataMap' | 'getData_asU8' | 'getCustomMetadata_asU8'
>;

export function proposedEventOf(proposed: ProposedMessage): RawEventToAppend {
  const metadata = proposed.getMetadataMap();
  return {
    id: uuidOf(proposed.getId()),
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') === 'application/json' ? 'json' : 'binary',
    data: proposed.getData_asU8(),
    metadata: proposed.getCustomMetadata_asU8(),
  };
}
