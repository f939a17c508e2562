import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { Server } from '@grpc/grpc-js';
import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { decodeBatchPart } from '../wire/batch-request.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batch-append.js';
import { deleteHandler, tombstoneHandler } from './delete.js';
import { readHandler } from './read.js';

const definition = {
  ...StreamsService,
  // Flow control wants to know the size of a request, which the generated class does not keep.
  batchAppend: { ...StreamsService.batchAppend, requestDeserialize: decodeBatchPart },
};

/** @param draining ends subscriptions and append streams; reads and appends under way finish */
export function addStreams(server: Server, engine: LogEngine, draining: AbortSignal): void {
  server.addService(definition, {
    append: appendHandler(engine),
    batchAppend: batchAppendHandler(engine, draining),
    read: readHandler(engine, draining),
    delete: deleteHandler(engine),
    tombstone: tombstoneHandler(engine),
  });
}
