import streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { DeleteOutcome, LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { unary } from '../services/unary.js';
import { expectedRevisionOf, streamNameOf } from '../wire/expected-revision.js';
import { invalidArgument, streamDeleted, wrongExpectedVersion } from '../wire/failures.js';

/** Delete: the events are gone, the numbering goes on. */
export function deleteHandler(engine: LogEngine): handleUnaryCall<DeleteReq, DeleteResp> {
  return unary(async (request) => {
    const { stream, expected } = targetOf(request.getOptions());
    const at = positionOf(await engine.deleteStream(stream, expected), stream, expected);
    const position = new streams.DeleteResp.Position();
    position.setCommitPosition(at);
    position.setPreparePosition(at);
    return new streams.DeleteResp().setPosition(position);
  });
}

/** Tombstone: the name can never be used again. */
export function tombstoneHandler(engine: LogEngine): handleUnaryCall<TombstoneReq, TombstoneResp> {
  return unary(async (request) => {
    const { stream, expected } = targetOf(request.getOptions());
    const at = positionOf(await engine.tombstoneStream(stream, expected), stream, expected);
    const position = new streams.TombstoneResp.Position();
    position.setCommitPosition(at);
    position.setPreparePosition(at);
    return new streams.TombstoneResp().setPosition(position);
  });
}

function targetOf(options: DeleteReq.Options | TombstoneReq.Options | undefined): {
  stream: string;
  expected: ExpectedRevision;
} {
  if (!options) throw invalidArgument('The request has no options.');
  return { stream: streamNameOf(options.getStreamIdentifier()), expected: expectedRevisionOf(options) };
}

function positionOf(outcome: DeleteOutcome, stream: string, expected: ExpectedRevision): string {
  switch (outcome.kind) {
    case 'ok':
      return String(outcome.position);
    case 'conflict':
      throw wrongExpectedVersion(stream, expected, outcome.actual);
    case 'tombstoned':
    case 'deleted':
      throw streamDeleted(stream);
    default:
      return outcome satisfies never;
  }
}
