/**
 * Speaks just enough of the EventStoreDB protocol to acknowledge every batch append at once, storing nothing: what the
 * client alone can do. A process of its own, as a server is. Answers `url`.
 */
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { addFeatures } from '#apps/event-node/services/features.js';
import { decodeBatchPart, type BatchPart } from '#apps/event-node/wire/batch-request.js';
import { batchSuccess } from '#apps/event-node/wire/batch-response.js';
import { answerParent } from '../../process/answer.js';

let acknowledged = 0;

const server = new Server({ 'grpc.max_receive_message_length': -1 });
addFeatures(server);
server.addService(
  { batchAppend: { ...StreamsService.batchAppend, requestDeserialize: decodeBatchPart } },
  {
    batchAppend: (call: ServerDuplexStream<BatchPart, BatchAppendResp>) => {
      call.on('data', ({ correlationId, options }: BatchPart) => {
        acknowledged += 1;
        call.write(batchSuccess(correlationId, options?.stream ?? '', 0, acknowledged));
      });
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
