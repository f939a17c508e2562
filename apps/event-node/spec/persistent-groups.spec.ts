import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  END,
  PINNED,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionExistsError,
  PersistentSubscriptionMaximumSubscribersReachedError,
  START,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import type { EventStoreDBClient, PersistentSubscriptionToStreamSettings } from '@eventstore/db-client';
import { Member } from './member.js';
import {
  closeClient,
  events,
  localNode,
  rawClient,
  rejection,
  streamName,
  tempDir,
  until,
} from './harness.js';
import type { LocalNode } from './harness.js';

const dir = tempDir();
let node: LocalNode;
let client: EventStoreDBClient;

beforeAll(async () => {
  node = await localNode(dir.path);
  client = rawClient(node.connectionString);
});

afterAll(async () => {
  await closeClient(client);
  await node.close();
  dir.remove();
});

async function reopen(): Promise<void> {
  await closeClient(client);
  await node.close();
  node = await localNode(dir.path);
  client = rawClient(node.connectionString);
}

const GROUP = 'readers';

function settings(
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): PersistentSubscriptionToStreamSettings {
  return persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...changes });
}

async function groupOn(
  count: number,
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): Promise<string> {
  const stream = streamName('queue');
  if (count > 0) await client.appendToStream(stream, events(count));
  await client.createPersistentSubscriptionToStream(stream, GROUP, settings(changes));
  return stream;
}

function join(stream: string, bufferSize?: number): Member {
  return Member.of(
    client.subscribeToPersistentSubscriptionToStream(stream, GROUP, bufferSize ? { bufferSize } : {}),
  );
}

function info(stream: string) {
  return client.getPersistentSubscriptionToStreamInfo(stream, GROUP);
}

describe('a group', () => {
  it('is made, found, listed, changed and deleted; each wrong step has its typed error', async () => {
    const stream = await groupOn(3);
    const again = await rejection(client.createPersistentSubscriptionToStream(stream, GROUP, settings()));
    expect(again).toBeInstanceOf(PersistentSubscriptionExistsError);
    expect(again).toMatchObject({ streamName: stream, groupName: GROUP });
    await client.createPersistentSubscriptionToStream(stream, 'others', settings({ startFrom: END }));
    const listed = await client.listPersistentSubscriptionsToStream(stream);
    expect(listed.map(({ groupName, settings: { startFrom } }) => [groupName, startFrom])).toEqual([
      [GROUP, START],
      ['others', END],
    ]);
    expect((await client.listAllPersistentSubscriptions()).length).toBeGreaterThanOrEqual(2);

    await client.updatePersistentSubscriptionToStream(
      stream,
      GROUP,
      settings({ maxRetryCount: 3, consumerStrategyName: PINNED }),
    );
    expect(await info(stream)).toEqual({
      eventSource: stream,
      groupName: GROUP,
      status: 'NotReady',
      connections: [],
      settings: { ...settings({ maxRetryCount: 3 }), consumerStrategyName: 'Pinned' },
      stats: expect.objectContaining({
        lastKnownEventRevision: 2n,
        lastCheckpointedEventRevision: undefined,
        parkedMessageCount: 0n,
      }),
    });
    await client.deletePersistentSubscriptionToStream(stream, GROUP);
    const gone = [
      info(stream),
      client.deletePersistentSubscriptionToStream(stream, GROUP),
      client.updatePersistentSubscriptionToStream(stream, GROUP, settings()),
      client.replayParkedMessagesToStream(stream, GROUP),
      client.listPersistentSubscriptionsToStream(streamName()),
      join(stream).failure(),
    ];
    for (const refusal of await Promise.all(gone.map(rejection))) {
      expect(refusal).toBeInstanceOf(PersistentSubscriptionDoesNotExistError);
    }
  });

  it('has as many members as its settings allow', async () => {
    const stream = await groupOn(0, { maxSubscriberCount: 1 });
    const first = join(stream);
    await first.joined();
    const refusal = await rejection(join(stream).failure());
    expect(refusal).toBeInstanceOf(PersistentSubscriptionMaximumSubscribersReachedError);
    await first.leave();
    await until(async () => (await info(stream)).connections.length === 0);
    const second = join(stream);
    await second.joined();
    await second.leave();
  });

  it('drops its members when it is changed or deleted', async () => {
    const stream = await groupOn(0);
    const member = join(stream);
    await member.joined();
    const dropped = rejection(member.failure());
    await client.updatePersistentSubscriptionToStream(stream, GROUP, settings());
    expect(await dropped).toBeInstanceOf(PersistentSubscriptionDroppedError);
  });

  it('starts where it was told: a revision, or the end as it was when the group was made', async () => {
    const stream = await groupOn(5, { startFrom: 3n });
    const member = join(stream);
    await member.received(2);
    expect(member.revisions).toEqual([3, 4]);
    await client.createPersistentSubscriptionToStream(stream, 'late', settings({ startFrom: END }));
    await client.appendToStream(stream, events(2));
    const late = Member.of(client.subscribeToPersistentSubscriptionToStream(stream, 'late'));
    await late.received(2);
    expect(late.revisions).toEqual([5, 6]);
    await Promise.all([member.leave(), late.leave()]);
  });
});

describe('the subsystem', () => {
  it('is restarted on demand: members are dropped, groups and their progress stay', async () => {
    const stream = await groupOn(2);
    const member = join(stream);
    await member.received(2);
    await member.ack(1);
    const dropped = rejection(member.failure());
    await client.restartPersistentSubscriptionSubsystem();
    expect(await dropped).toBeInstanceOf(PersistentSubscriptionDroppedError);
    const again = join(stream);
    await again.received(1);
    expect(again.revisions).toEqual([1]);
    await again.leave();
  });
});

describe('after a restart of the node', () => {
  it('a group goes on from its checkpoint with its settings and its parked messages', async () => {
    const stream = await groupOn(8, { maxRetryCount: 7 });
    const member = join(stream, 8);
    await member.received(8);
    await member.ack(5);
    await member.subscription.nack('park', 'broken', member.seen[5]!);
    await until(async () => (await info(stream)).stats.parkedMessageCount === 1n);
    await reopen();
    const after = await info(stream);
    expect(after.settings.maxRetryCount).toBe(7);
    expect(after.stats).toMatchObject({ lastCheckpointedEventRevision: 5n, parkedMessageCount: 1n });
    const again = join(stream);
    await again.received(2);
    expect(again.revisions).toEqual([6, 7]);
    await client.replayParkedMessagesToStream(stream, GROUP);
    await again.received(3);
    expect(again.revisions).toEqual([6, 7, 5]);
    await again.leave();
  });

  it('the checkpoint never passes what is not settled', async () => {
    const stream = await groupOn(5, { checkPointAfter: 50, checkPointLowerBound: 1 });
    const member = join(stream);
    await member.received(5);
    await member.subscription.ack(member.seen[0]!, member.seen[2]!, member.seen[3]!, member.seen[4]!);
    await until(async () => (await info(stream)).stats.lastCheckpointedEventRevision === 0n);
    await reopen();
    const again = join(stream);
    await again.received(4);
    expect(again.revisions).toEqual([1, 2, 3, 4]);
    await again.leave();
  });
});
