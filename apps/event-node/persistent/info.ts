import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { placeText } from './checkpoint.js';
import type { Consumer } from './consumer.js';
import type { Group } from './group.js';
import { ALL } from './settings.js';

/** A group as `GetInfo` and `List` show it. Rates per second are averages over the life of the connection. */
export async function infoOf(engine: LogEngine, group: Group): Promise<SubscriptionInfo> {
  const { config, schedule } = group;
  const info = new persistent.SubscriptionInfo();
  info.setEventSource(config.source);
  info.setGroupName(config.group);
  info.setStatus(statusOf(group));
  group.consumers.forEach((consumer) => info.addConnections(connectionOf(consumer)));
  const written = schedule.written ?? (await schedule.checkpoint.read());
  info.setLastCheckpointedEventPosition(written === undefined ? '' : String(placeText(config, written)));
  info.setLastKnownEventPosition(await lastKnown(engine, group));
  addSettings(info, group);
  info.setTotalItems(String(group.totalItems));
  info.setCountSinceLastMeasurement('0');
  info.setAveragePerSecond(group.consumers.reduce((sum, consumer) => sum + perSecond(consumer), 0));
  info.setReadBufferCount(group.feed.live ? 0 : group.feed.buffer.length);
  info.setLiveBufferCount(String(group.feed.live ? group.feed.buffer.length : 0));
  info.setRetryBufferCount(group.retries.length);
  info.setTotalInFlightMessages(group.inFlightCount());
  info.setOutstandingMessagesCount(schedule.progress.unsettled);
  info.setParkedMessageCount(String(await group.parked.count()));
  return info;
}

function statusOf(group: Group): string {
  if (group.consumers.length === 0 && !group.feed.live) return 'NotReady';
  return group.feed.live ? 'Live' : 'Behind';
}

async function lastKnown(engine: LogEngine, { config }: Group): Promise<string> {
  if (config.source === ALL) return String(placeText(config, engine.lastPosition()));
  const page = await engine.readStream({
    stream: config.source,
    direction: 'backwards',
    from: 'end',
    limit: 1,
  });
  return page.kind === 'page' ? String(page.lastRevision) : '';
}

function addSettings(info: SubscriptionInfo, { config }: Group): void {
  const { settings } = config;
  const startPlace =
    settings.startFrom === 'start' ? 0 : settings.startFrom === 'end' ? -1 : settings.startFrom;
  info.setStartFrom(String(placeText(config, startPlace)));
  info.setResolveLinkTos(settings.resolveLinks);
  info.setExtraStatistics(settings.extraStatistics);
  info.setMessageTimeoutMilliseconds(settings.messageTimeoutMs);
  info.setMaxRetryCount(settings.maxRetryCount);
  info.setLiveBufferSize(settings.liveBufferSize);
  info.setBufferSize(settings.historyBufferSize);
  info.setReadBatchSize(settings.readBatchSize);
  info.setCheckPointAfterMilliseconds(settings.checkpointAfterMs);
  info.setMinCheckPointCount(settings.minCheckpointCount);
  info.setMaxCheckPointCount(settings.maxCheckpointCount);
  info.setNamedConsumerStrategy(settings.strategy);
  info.setMaxSubscriberCount(settings.maxSubscriberCount);
}

function connectionOf(consumer: Consumer): SubscriptionInfo.ConnectionInfo {
  const info = new persistent.SubscriptionInfo.ConnectionInfo();
  info.setFrom(consumer.peer);
  info.setUsername(consumer.username);
  info.setConnectionName(consumer.connectionName);
  info.setAverageItemsPerSecond(perSecond(consumer));
  info.setTotalItems(String(consumer.totalItems));
  info.setCountSinceLastMeasurement('0');
  info.setAvailableSlots(consumer.bufferSize - consumer.inFlight.size);
  info.setInFlightMessages(consumer.inFlight.size);
  return info;
}

function perSecond(consumer: Consumer): number {
  const seconds = Math.max(1, (Date.now() - consumer.connectedAtMs) / 1000);
  return Math.round(consumer.totalItems / seconds);
}
