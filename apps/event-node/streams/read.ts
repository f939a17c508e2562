import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream, handleServerStreamingCall } from '@grpc/grpc-js';
import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { Outgoing } from '../services/outgoing.js';
import { revisionNumber, streamNameOf } from '../wire/expected-revision.js';
import { invalidArgument } from '../wire/failures.js';
import { wireFilterOf } from '../wire/filter.js';
import type { WireFilter } from '../wire/filter.js';
import type { Bounds, From, ReadContext } from './read-context.js';
import { readAll } from './read-all.js';
import { readStream } from './read-stream.js';
import { subscribeAll } from './subscribe-all.js';
import { subscribeStream } from './subscribe-stream.js';

/** The reads that are subscriptions end with the node, not only with the client. */
export function readHandler(
  engine: LogEngine,
  draining: AbortSignal,
): handleServerStreamingCall<ReadReq, ReadResp> {
  return (call) => {
    const out = new Outgoing(call as ServerWritableStream<never, ReadResp>);
    serve(engine, call.request, out, draining).then(
      () => out.end(),
      (error: unknown) => out.fail(error),
    );
  };
}

async function serve(
  engine: LogEngine,
  request: ReadReq,
  out: Outgoing<ReadResp>,
  draining: AbortSignal,
): Promise<void> {
  const options = request.getOptions();
  if (!options) throw invalidArgument('The read has no options.');
  const context: ReadContext = {
    engine,
    out,
    resolveLinks: options.getResolveLinks(),
    structuredUuids: options.getUuidOption()?.hasStructured() ?? false,
    positions: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
  const stream = options.getStream();
  const all = options.getAll();
  if (stream) {
    const name = streamNameOf(stream.getStreamIdentifier());
    const from = stream.hasRevision()
      ? revisionNumber(stream.getRevision())
      : stream.hasEnd()
        ? 'end'
        : 'start';
    if (options.hasSubscription()) return subscribeStream(context, name, from, draining);
    return readStream(context, name, boundsOf(options, from));
  }
  if (!all) throw invalidArgument('The read names neither a stream nor $all.');
  const position = all.getPosition();
  const from = position ? revisionNumber(position.getCommitPosition()) : all.hasEnd() ? 'end' : 'start';
  const filter = filterOf(options);
  if (options.hasSubscription()) return subscribeAll(context, from, filter, draining);
  return readAll(context, boundsOf(options, from), filter?.filter);
}

function boundsOf(options: ReadReq.Options, from: From): Bounds {
  const count = Number(options.getCount());
  return { direction: options.getReadDirection() === 1 ? 'backwards' : 'forwards', from, count };
}

function filterOf(options: ReadReq.Options): WireFilter | undefined {
  const filter = options.getFilter();
  return filter ? wireFilterOf(filter) : undefined;
}
