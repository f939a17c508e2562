import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { START, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import type { EventToAppend } from '#libs/event-log/port/index.js';
import { Member } from './member.js';
import { childNode, closeClient, events, gather, rawClient, streamName, tempDir, until } from './harness.js';
import type { ChildNode } from './harness.js';

function numbered(n: number): EventToAppend {
  return { id: randomUUID(), type: 'Numbered.v1', data: { n }, metadata: { by: 'spec' } };
}

/** Kills a node again and again while `work` goes on; the node comes back on the same port and data. */
async function killingNode(
  dir: string,
  first: ChildNode,
  rounds: number,
  pauseMs: number,
): Promise<ChildNode> {
  let node = first;
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await node.kill();
    node = await childNode(dir, { port: first.port });
  }
  return node;
}

describe('a node killed with SIGKILL under load', () => {
  it('keeps everything acknowledged, stores nothing twice, and its clients go on by themselves', async () => {
    const dir = tempDir();
    let node = await childNode(dir.path);
    const drops: string[] = [];
    const log = new EventStoreDbEventLog({
      connectionString: node.connectionString,
      onSubscriptionDropped: (reason) => drops.push(reason.message),
    });
    const prefix = streamName('crash');
    const seen: string[] = [];
    const reading = new AbortController();
    const reader = (async () => {
      const filter = { streamPrefixes: [prefix] };
      for await (const message of log.subscribe({ after: 'start', filter, signal: reading.signal })) {
        if (message.kind === 'events')
          seen.push(...message.events.map((one) => `${one.stream}:${one.revision}`));
      }
    })();

    let working = true;
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, w) => {
      const stream = `${prefix}-${w}`;
      for (let n = 0; working; n += 1) {
        const { revision } = await log.append(stream, n === 0 ? 'no-stream' : n - 1, [numbered(n)], {
          deadlineMs: 15_000,
        });
        expect(revision).toBe(n);
        acknowledged.push(`${stream}:${revision}`);
      }
    });
    node = await killingNode(dir.path, node, 3, 400);
    await new Promise((resolve) => setTimeout(resolve, 400));
    working = false;
    await Promise.all(writers);

    const stored: string[] = [];
    for (let w = 0; w < 8; w += 1) {
      const read = (await gather(log.readStream(`${prefix}-${w}`))).flat();
      expect(read.map(({ revision, data }) => [revision, data['n']])).toEqual(read.map((_, n) => [n, n]));
      stored.push(...read.map(({ stream, revision }) => `${stream}:${revision}`));
    }
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(new Set(stored)).toEqual(new Set(acknowledged));
    await until(() => seen.length >= stored.length);
    expect(seen).toHaveLength(stored.length);
    expect(new Set(seen)).toEqual(new Set(stored));
    expect(drops.length).toBeGreaterThanOrEqual(3);
    reading.abort();
    await reader;
    await log.close();
    expect(await node.stop()).toBe(0);
    dir.remove();
  }, 60_000);

  it('sends persistent subscribers what they had not acknowledged', async () => {
    const dir = tempDir();
    const first = await childNode(dir.path);
    let client = rawClient(first.connectionString);
    const stream = streamName();
    await client.appendToStream(stream, events(6));
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({
      startFrom: START,
      checkPointAfter: 50,
      checkPointLowerBound: 1,
    });
    await client.createPersistentSubscriptionToStream(stream, 'group', settings);
    const member = Member.of(client.subscribeToPersistentSubscriptionToStream(stream, 'group'));
    await member.received(6);
    await member.ack(3);
    await member.subscription.nack('park', 'broken', member.seen[3]!);
    const info = () => client.getPersistentSubscriptionToStreamInfo(stream, 'group');
    await until(async () => (await info()).stats.lastCheckpointedEventRevision === 3n);
    await first.kill();
    await member.failure().catch(() => undefined);
    await closeClient(client);

    const second = await childNode(dir.path);
    client = rawClient(second.connectionString);
    expect((await info()).stats.parkedMessageCount).toBe(1n);
    const again = Member.of(client.subscribeToPersistentSubscriptionToStream(stream, 'group'));
    await again.received(2);
    expect(again.revisions).toEqual([4, 5]);
    await again.leave();
    await closeClient(client);
    expect(await second.stop()).toBe(0);
    dir.remove();
  }, 30_000);
});

describe('a node asked to stop', () => {
  it('says what it is when ready, and ends cleanly with clients connected', async () => {
    const dir = tempDir();
    const node = await childNode(dir.path);
    expect(node.firstLine).toBe(
      `event-node ready at esdb://127.0.0.1:${node.port}?tls=false (speaks the subset of the EventStoreDB protocol that db-client 6.x uses)`,
    );
    const log = new EventStoreDbEventLog({ connectionString: node.connectionString });
    const controller = new AbortController();
    const reader = gather(log.subscribe({ after: 'start', signal: controller.signal }));
    await log.append(streamName(), 'no-stream', [numbered(0)]);
    const startedAt = Date.now();
    expect(await node.stop()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(6_000);
    controller.abort();
    await reader;
    await log.close();
    dir.remove();
  });

  it('refuses to start on a bad configuration with a plain sentence', async () => {
    const dir = tempDir();
    await expect(childNode(dir.path, { args: ['--tls-cert', 'x'] })).rejects.toThrow(
      /event-node: TLS needs both a certificate and a key\./,
    );
    dir.remove();
  });
});
