import { makeGenericClientConstructor } from '@grpc/grpc-js';
import type { CallOptions, Client, ClientDuplexStream, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import type { GRPCClientConstructor } from '@eventstore/db-client';
import { decodeBatchAppendResponse } from './wire/batch-append-response.js';
import type { BatchAppendResponse } from './wire/batch-append-response.js';
import { decodeReadResponse } from './wire/read-response.js';
import type { ReadResponse } from './wire/read-response.js';

/** The two hot methods of the Streams service, with requests already encoded and responses decoded into the port's terms. */
export interface StreamsClient extends Client {
  batchAppend(metadata: Metadata, options: CallOptions): ClientDuplexStream<Buffer, BatchAppendResponse>;
  read(request: Buffer, metadata: Metadata, options: CallOptions): ClientReadableStream<ReadResponse>;
}

const asIs = (bytes: Buffer): Buffer => bytes;
/** Of the server's side of the definition, which a client never uses. */
const unused = (): Buffer => Buffer.alloc(0);

export const StreamsClient = makeGenericClientConstructor(
  {
    batchAppend: {
      path: '/event_store.client.streams.Streams/BatchAppend',
      requestStream: true,
      responseStream: true,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: unused,
      responseDeserialize: decodeBatchAppendResponse,
    },
    read: {
      path: '/event_store.client.streams.Streams/Read',
      requestStream: false,
      responseStream: true,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: unused,
      responseDeserialize: decodeReadResponse,
    },
  },
  'event_store.client.streams.Streams',
) as unknown as GRPCClientConstructor<StreamsClient>;
