import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DISPATCH_TO_SINGLE,
  PINNED,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  START,
  eventTypeFilter,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import type { EventStoreDBClient, PersistentSubscriptionToStreamSettings } from '@eventstore/db-client';
import { Member } from './member.js';
import {
  closeClient,
  event,
  events,
  gather,
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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

describe('delivery', () => {
  it('gives a member no more than its buffer size, and more as it acknowledges', async () => {
    const stream = await groupOn(10);
    const member = join(stream, 4);
    await member.received(4);
    expect(await info(stream)).toMatchObject({
      connections: [{ inFlightMessages: 4, availableSlots: 0, totalItems: 4n }],
      stats: { totalInFlightMessages: 4 },
    });
    expect(member.revisions).toEqual([0, 1, 2, 3]);
    await member.ack(2);
    await member.received(6);
    expect(member.revisions).toEqual(range(0, 6));
    await member.leave();
  });

  it('shares messages in turn, and keeps them with one when told to', async () => {
    const stream = await groupOn(0);
    const members = [join(stream, 100), join(stream, 100)];
    await Promise.all(members.map((member) => member.joined()));
    await client.appendToStream(stream, events(10));
    await until(() => members[0]!.revisions.length + members[1]!.revisions.length === 10);
    expect(members.map(({ revisions }) => revisions)).toEqual([
      [0, 2, 4, 6, 8],
      [1, 3, 5, 7, 9],
    ]);
    await Promise.all(members.map((member) => member.leave()));

    const single = await groupOn(0, { consumerStrategyName: DISPATCH_TO_SINGLE });
    const [first, second] = [join(single, 3), join(single, 3)];
    await Promise.all([first.joined(), second.joined()]);
    await client.appendToStream(single, events(5));
    await until(() => first.revisions.length + second.revisions.length === 5);
    expect([first.revisions, second.revisions].sort((a, b) => b.length - a.length)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    await Promise.all([first.leave(), second.leave()]);
  });

  it('pins a stream to one member', async () => {
    const type = `Pinned${streamName()}.v1`;
    const group = streamName('pinned');
    await client.createPersistentSubscriptionToAll(
      group,
      persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START, consumerStrategyName: PINNED }),
      { filter: eventTypeFilter({ prefixes: [type] }) },
    );
    const members = range(0, 3).map(() =>
      Member.of(client.subscribeToPersistentSubscriptionToAll(group, { bufferSize: 100 })),
    );
    await Promise.all(members.map((member) => member.joined()));
    const streams = range(0, 12).map(() => streamName('pin'));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(streams.map((stream) => client.appendToStream(stream, event(type))));
    }
    await until(() => members.reduce((sum, { streams: seen }) => sum + seen.length, 0) === 36);
    for (const stream of streams) {
      expect(members.filter((member) => member.streams.includes(stream))).toHaveLength(1);
    }
    await Promise.all(members.map((member) => member.leave()));
  });

  it('gives what a member left unanswered to the others', async () => {
    const stream = await groupOn(3);
    const first = join(stream);
    await first.received(3);
    await first.leave();
    const second = join(stream);
    await second.received(3);
    expect(second.seen.map(({ event: one, retryCount }) => [Number(one!.revision), retryCount])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    await second.leave();
  });

  it("follows links to their events and takes the link's acknowledgement", async () => {
    const target = streamName('target');
    await client.appendToStream(target, events(2));
    const list = streamName('list');
    await client.appendToStream(list, [
      { ...event('$>'), contentType: 'application/octet-stream', data: Buffer.from(`1@${target}`) } as never,
    ]);
    await client.createPersistentSubscriptionToStream(
      list,
      GROUP,
      settings({ resolveLinkTos: true, checkPointAfter: 100 }),
    );
    const member = join(list);
    await member.received(1);
    expect(member.seen[0]).toMatchObject({
      event: { streamId: target, revision: 1n },
      link: { streamId: list, revision: 0n },
    });
    await member.ack(1);
    await until(async () => (await info(list)).stats.lastCheckpointedEventRevision === 0n);
    await member.leave();
  });

  it('reads $all through a filter', async () => {
    const type = `Only${streamName()}.v1`;
    const group = streamName('all');
    const stream = streamName();
    await client.appendToStream(stream, [event(type), event('Other.v1'), event(type)]);
    await client.createPersistentSubscriptionToAll(
      group,
      persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
      { filter: eventTypeFilter({ regex: `^${type}$` }) },
    );
    const member = Member.of(client.subscribeToPersistentSubscriptionToAll(group));
    await member.received(2);
    await client.appendToStream(stream, [event('Other.v1'), event(type)]);
    await member.received(3);
    expect(member.revisions).toEqual([0, 2, 4]);
    await member.ack(3);
    expect((await client.listPersistentSubscriptionsToAll()).map(({ groupName }) => groupName)).toContain(
      group,
    );
    const before = await client.getPersistentSubscriptionToAllInfo(group);
    expect(before.settings.startFrom).toBe(START);
    await member.leave();
    await client.deletePersistentSubscriptionToAll(group);
    expect(await rejection(client.getPersistentSubscriptionToAllInfo(group))).toBeInstanceOf(
      PersistentSubscriptionDoesNotExistError,
    );
  });
});

describe('refusal', () => {
  it('retries, skips and parks as the member says', async () => {
    const stream = await groupOn(3);
    const member = join(stream);
    await member.received(3);
    const [a, b, c] = member.seen;
    await member.subscription.nack('retry', 'later', a!);
    await member.subscription.nack('skip', 'never mind', b!);
    await member.subscription.nack('park', 'broken', c!);
    await member.received(4);
    expect([member.revisions, member.seen[3]!.retryCount]).toEqual([[0, 1, 2, 0], 1]);
    await member.subscription.ack(member.seen[3]!);
    await until(async () => (await info(stream)).stats.parkedMessageCount === 1n);
    const parked = await gather(
      client.readStream(`$persistentsubscription-${stream}::${GROUP}-parked`, { resolveLinkTos: true }),
    );
    expect(
      parked.map(({ event: one, link }) => [
        one?.streamId,
        one?.revision,
        (link!.metadata as { reason: string }).reason,
      ]),
    ).toEqual([[stream, 2n, 'broken']]);
    await member.leave();
  });

  it('retries what times out, as often as it may, then parks it', async () => {
    const stream = await groupOn(1, { messageTimeout: 150, maxRetryCount: 2 });
    const member = join(stream);
    await until(async () => (await info(stream)).stats.parkedMessageCount === 1n);
    expect(member.seen.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2]);
    await member.leave();
  });

  it('ends the subscription of the member that says stop; another gets the message', async () => {
    const stream = await groupOn(1);
    const member = join(stream);
    await member.received(1);
    const dropped = rejection(member.failure());
    await member.subscription.nack('stop', 'enough', member.seen[0]!);
    expect(await dropped).toBeInstanceOf(PersistentSubscriptionDroppedError);
    const other = join(stream);
    await other.received(1);
    expect(other.revisions).toEqual([0]);
    await other.leave();
  });

  it('replays parked messages, all or up to a place, and drops them only when they are settled', async () => {
    const stream = await groupOn(4);
    const member = join(stream);
    await member.received(4);
    await member.subscription.nack('park', 'broken', ...member.seen);
    await until(async () => (await info(stream)).stats.parkedMessageCount === 4n);
    await client.replayParkedMessagesToStream(stream, GROUP, { stopAt: 2 });
    await member.received(6);
    expect(member.seen.slice(4).map(({ event: one }) => Number(one!.revision))).toEqual([0, 1]);
    expect((await info(stream)).stats.parkedMessageCount).toBe(4n);
    await member.subscription.ack(...member.seen.slice(4));
    await until(async () => (await info(stream)).stats.parkedMessageCount === 2n);
    await client.replayParkedMessagesToStream(stream, GROUP);
    await member.received(8);
    await member.subscription.nack('park', 'still broken', member.seen[6]!);
    await member.subscription.ack(member.seen[7]!);
    await until(async () => (await info(stream)).stats.parkedMessageCount === 1n);
    const parked = await gather(
      client.readStream(`$persistentsubscription-${stream}::${GROUP}-parked`, { resolveLinkTos: true }),
    );
    expect(parked.map(({ event: one }) => [one!.streamId, one!.revision])).toEqual([[stream, 2n]]);
    await member.leave();
  });
});
