/**
 * Speaks just enough of the EventStoreDB protocol to acknowledge every batch append at once, storing nothing: what the
 * client alone can do. A process of its own, as a server is. Answers `url`.
 */
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { addFeatures } from '#apps/event-node/services/features.js';
import { ProtoReader } from '#libs/event-log/eventstoredb/wire/protobuf-reader.js';
import { ProtoWriter } from '#libs/event-log/eventstoredb/wire/protobuf-writer.js';
import { answerParent } from '../../process/answer.js';

const raw = { serialize: (bytes: Buffer) => bytes, deserialize: (bytes: Buffer) => bytes };
const writer = new ProtoWriter();
let acknowledged = 0;

/** The response to a request: its correlation id, and success at revision 0. Fields are those of streams.proto. */
function acknowledgementOf(request: Buffer): Buffer {
  const reader = new ProtoReader(request);
  let correlation: Uint8Array = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) correlation = reader.bytes();
    else reader.skip();
  }
  acknowledged += 1;
  const success = writer.mark();
  const position = writer.mark();
  writer.uint(2, acknowledged);
  writer.uint(1, acknowledged);
  writer.message(3, position);
  writer.uint(1, 0);
  writer.message(3, success);
  writer.bytes(1, correlation);
  return writer.finish();
}

const server = new Server({ 'grpc.max_receive_message_length': -1 });
addFeatures(server);
server.addService(
  {
    batchAppend: {
      path: StreamsService.batchAppend.path,
      requestStream: true,
      responseStream: true,
      requestSerialize: raw.serialize,
      requestDeserialize: raw.deserialize,
      responseSerialize: raw.serialize,
      responseDeserialize: raw.deserialize,
    },
  },
  {
    batchAppend: (call: ServerDuplexStream<Buffer, Buffer>) => {
      call.on('data', (request: Buffer) => call.write(acknowledgementOf(request)));
      call.on('end', () => call.end());
      call.on('error', () => call.end());
    },
  },
);
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
});
answerParent({ url: () => `esdb://127.0.0.1:${port}?tls=false` }, () => server.forceShutdown());
