import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { Server, handleUnaryCall } from '@grpc/grpc-js';

/** Not an EventStoreDB version: clients decide by the methods listed, not by this. */
const SERVER_VERSION = 'sluice-event-node';

/** Features by method, as EventStoreDB names them; db-client looks them up before it uses the method. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  [StreamsService.read.path]: ['position', 'events'],
  [PersistentSubscriptionsService.create.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.update.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.delete.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.read.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.getInfo.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.replayParked.path]: ['stream', 'all'],
  [PersistentSubscriptionsService.list.path]: ['stream', 'all'],
};

const METHODS = [...Object.values(StreamsService), ...Object.values(PersistentSubscriptionsService)] as {
  path: string;
}[];

/** ServerFeatures: tells db-client that batch append and the gRPC forms of everything else are there. */
export function addFeatures(server: Server): void {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(SERVER_VERSION);
  for (const { path } of METHODS) {
    const [, service = '', name = ''] = path.split('/');
    const method = new features.SupportedMethod();
    method.setServiceName(service);
    method.setMethodName(name.toLowerCase());
    method.setFeaturesList([...(FEATURES[path] ?? [])]);
    supported.addMethods(method);
  }
  const getSupportedMethods: handleUnaryCall<Empty, SupportedMethods> = (_call, reply) =>
    reply(null, supported);
  server.addService(ServerFeaturesService, { getSupportedMethods });
}
