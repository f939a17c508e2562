import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type {
  CreateReq,
  CreateResp,
  DeleteReq,
  DeleteResp,
  GetInfoReq,
  GetInfoResp,
  ListReq,
  ListResp,
  ReplayParkedReq,
  ReplayParkedResp,
  UpdateReq,
  UpdateResp,
} from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { Server } from '@grpc/grpc-js';
import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { unary } from '../services/unary.js';
import { revisionNumber, streamNameOf } from '../wire/expected-revision.js';
import { invalidArgument } from '../wire/failures.js';
import { connectHandler } from './connection.js';
import type { Group } from './group.js';
import type { PersistentSubscriptions } from './groups.js';
import { infoOf } from './info.js';
import { ALL, filterOf, groupFailure, keyOf, settingsOf } from './settings.js';
import type { GroupKey } from './settings.js';

export function addPersistentSubscriptions(
  server: Server,
  engine: LogEngine,
  groups: PersistentSubscriptions,
): void {
  server.addService(PersistentSubscriptionsService, {
    create: unary<CreateReq, CreateResp>(async (request) => {
      const options = required(request.getOptions());
      await groups.create(keyOf(options), settingsOf(options), filterOf(options));
      return new persistent.CreateResp();
    }),
    update: unary<UpdateReq, UpdateResp>(async (request) => {
      const options = required(request.getOptions());
      await groups.update(keyOf(options), settingsOf(options));
      return new persistent.UpdateResp();
    }),
    delete: unary<DeleteReq, DeleteResp>(async (request) => {
      await groups.delete(plainKeyOf(required(request.getOptions())));
      return new persistent.DeleteResp();
    }),
    read: connectHandler(groups),
    getInfo: unary<GetInfoReq, GetInfoResp>(async (request) => {
      const group = groups.find(plainKeyOf(required(request.getOptions())));
      return new persistent.GetInfoResp().setSubscriptionInfo(await infoOf(engine, group));
    }),
    replayParked: unary<ReplayParkedReq, ReplayParkedResp>(async (request) => {
      const options = required(request.getOptions());
      const stopBefore = options.hasStopAt() ? revisionNumber(options.getStopAt()) : undefined;
      await groups.find(plainKeyOf(options)).replayParked(stopBefore);
      return new persistent.ReplayParkedResp();
    }),
    list: unary<ListReq, ListResp>(async (request) => {
      const listed = listOf(groups, required(request.getOptions()));
      const response = new persistent.ListResp();
      for (const group of listed) response.addSubscriptions(await infoOf(engine, group));
      return response;
    }),
    restartSubsystem: unary<Empty, Empty>(async () => {
      await groups.restart();
      return new shared.Empty();
    }),
  });
}

function listOf(groups: PersistentSubscriptions, options: ListReq.Options): readonly Group[] {
  const wanted = options.getListForStream();
  if (!wanted) return groups.list();
  const source = wanted.hasAll() ? ALL : streamNameOf(wanted.getStream());
  const listed = groups.list(source);
  if (listed.length === 0) throw groupFailure('does-not-exist', { source, group: '' });
  return listed;
}

function plainKeyOf(options: DeleteReq.Options | GetInfoReq.Options | ReplayParkedReq.Options): GroupKey {
  const group = options.getGroupName();
  return options.hasAll()
    ? { source: ALL, group }
    : { source: streamNameOf(options.getStreamIdentifier()), group };
}

function required<Options>(options: Options | undefined): Options {
  if (!options) throw invalidArgument('The request has no options.');
  return options;
}
