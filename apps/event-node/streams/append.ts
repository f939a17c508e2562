import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall, sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { AppendOutcome, LogEngine, RawEventToAppend } from '#libs/event-log/sqlite/engine-api.js';
import { remainingMs } from '../services/unary.js';
import { proposedEventOf } from '../wire/batch-request.js';
import { expectedRevisionOf, streamNameOf } from '../wire/expected-revision.js';
import { appendTooLarge, failureOf, invalidArgument, streamDeleted } from '../wire/failures.js';

/** Payload read into memory before a request is refused without asking the engine, which counts exactly. */
const LARGEST_REQUEST_BYTES = 32 * 1024 * 1024;

/** Append, the form db-client uses when the call has credentials of its own: options first, then one event per message. */
export function appendHandler(engine: LogEngine): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, reply) => {
    receive(call).then(
      (request) => store(engine, request, remainingMs(call.getDeadline()), reply),
      (error: unknown) => reply(failureOf(error)),
    );
  };
}

interface Request {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly RawEventToAppend[];
}

async function receive(call: ServerReadableStream<AppendReq, AppendResp>): Promise<Request> {
  let options: AppendReq.Options | undefined;
  const events: RawEventToAppend[] = [];
  let bytes = 0;
  for await (const message of call as AsyncIterable<AppendReq>) {
    if (message.hasOptions()) options = message.getOptions();
    const proposed = message.getProposedMessage();
    if (!proposed) continue;
    const event = proposedEventOf(proposed);
    bytes += event.data.length + event.metadata.length;
    if (bytes > LARGEST_REQUEST_BYTES) throw appendTooLarge(LARGEST_REQUEST_BYTES);
    events.push(event);
  }
  if (!options) throw invalidArgument('The append has no options.');
  return {
    stream: streamNameOf(options.getStreamIdentifier()),
    expected: expectedRevisionOf(options),
    events,
  };
}

async function store(
  engine: LogEngine,
  request: Request,
  deadlineMs: number | undefined,
  reply: sendUnaryData<AppendResp>,
): Promise<void> {
  try {
    const outcome = await engine.append({ ...request, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
    reply(null, responseOf(request, outcome));
  } catch (error) {
    reply(failureOf(error));
  }
}

function responseOf(request: Request, outcome: AppendOutcome): AppendResp {
  const response = new streams.AppendResp();
  switch (outcome.kind) {
    case 'ok':
      return response.setSuccess(successOf(outcome));
    case 'conflict':
      // Not an error on the wire: the client looks into the response for it.
      return response.setWrongExpectedVersion(conflictOf(request.expected, outcome.actual));
    case 'tombstoned':
    case 'deleted':
      throw streamDeleted(request.stream);
    case 'too-large':
      throw appendTooLarge(outcome.limitBytes);
    default:
      return outcome satisfies never;
  }
}

function successOf(outcome: { readonly revision: number; readonly position: number }): AppendResp.Success {
  const success = new streams.AppendResp.Success();
  if (outcome.revision >= 0) success.setCurrentRevision(String(outcome.revision));
  else success.setNoStream(new shared.Empty());
  if (outcome.position === 0) return success.setNoPosition(new shared.Empty());
  const position = new streams.AppendResp.Position();
  position.setCommitPosition(String(outcome.position));
  position.setPreparePosition(String(outcome.position));
  return success.setPosition(position);
}

function conflictOf(
  expected: ExpectedRevision,
  actual: number | 'no-stream',
): AppendResp.WrongExpectedVersion {
  const conflict = new streams.AppendResp.WrongExpectedVersion();
  if (actual === 'no-stream') conflict.setCurrentNoStream(new shared.Empty());
  else conflict.setCurrentRevision(String(actual));
  if (typeof expected === 'number') return conflict.setExpectedRevision(String(expected));
  if (expected === 'no-stream') return conflict.setExpectedNoStream(new shared.Empty());
  if (expected === 'stream-exists') return conflict.setExpectedStreamExists(new shared.Empty());
  return conflict.setExpectedAny(new shared.Empty());
}
