import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BACKWARDS,
  END,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  binaryEvent,
} from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';
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

/** Credentials make db-client use the unary Append; without TLS it does not send them. */
const unary = { credentials: { username: 'u', password: 'p' } };

async function revisionsOf(stream: string, options = {}): Promise<number[]> {
  const revisions: number[] = [];
  for await (const { event: read } of client.readStream(stream, options))
    revisions.push(Number(read!.revision));
  return revisions;
}

describe('read', () => {
  it('reads forwards and backwards from everywhere, with a count', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(1_200));
    const all = Array.from({ length: 1_200 }, (_, i) => i);
    expect(await revisionsOf(stream)).toEqual(all);
    expect(await revisionsOf(stream, { direction: BACKWARDS, fromRevision: END })).toEqual(all.toReversed());
    expect(await revisionsOf(stream, { fromRevision: 1_190n, maxCount: 5 })).toEqual(all.slice(1_190, 1_195));
    expect(await revisionsOf(stream, { fromRevision: 3n, direction: BACKWARDS })).toEqual([3, 2, 1, 0]);
    expect(await revisionsOf(stream, { fromRevision: 5_000n })).toEqual([]);
  });

  it('says which stream was not found', async () => {
    const stream = streamName('没有');
    const missing = await rejection(revisionsOf(stream));
    expect(missing).toBeInstanceOf(StreamNotFoundError);
    expect(Buffer.from(missing['streamName'] as string).toString()).toBe(stream);
  });

  it('reads $all in both directions; backwards a position is the place behind its event', async () => {
    const stream = streamName();
    const { position } = await client.appendToStream(stream, events(5));
    const from = position!;
    const read = async (options: object) => {
      const revisions = [];
      for await (const { event: one } of client.readAll(options))
        revisions.push(`${one!.streamId}:${one!.revision}`);
      return revisions;
    };
    expect(await read({ fromPosition: from })).toEqual([`${stream}:4`]);
    expect(await read({ fromPosition: from, direction: BACKWARDS, maxCount: 2 })).toEqual([
      `${stream}:3`,
      `${stream}:2`,
    ]);
    expect(await read({ fromPosition: END, direction: BACKWARDS, maxCount: 1 })).toEqual([`${stream}:4`]);
    expect((await read({})).length).toBe(node.engine.lastPosition());
  });

  it('resolves links, and shows the link alone when its event is gone', async () => {
    const target = streamName('target');
    const list = streamName('list');
    await client.appendToStream(target, events(2));
    const link = (data: string) => binaryEvent({ type: '$>', data: Buffer.from(data) });
    await client.appendToStream(list, [link(`1@${target}`), link(`9@${target}`)]);
    const resolved = await gather(client.readStream(list, { resolveLinkTos: true }));
    expect(
      resolved.map((one) => [
        one.event?.streamId,
        one.event?.revision,
        one.link?.streamId,
        one.link?.revision,
      ]),
    ).toEqual([
      [target, 1n, list, 0n],
      [undefined, undefined, list, 1n],
    ]);
    const plain = await gather(client.readStream(list));
    expect(plain.map((one) => [one.event?.type, one.link])).toEqual([
      ['$>', undefined],
      ['$>', undefined],
    ]);
  });
});

describe('deletion', () => {
  it('deletes softly: not found, and the numbering goes on', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(3));
    const wrong = await rejection(client.deleteStream(stream, { expectedRevision: 1n }));
    expect(wrong).toBeInstanceOf(WrongExpectedVersionError);
    expect(wrong).toMatchObject({ streamName: stream, expectedVersion: 1n, actualVersion: 2n });
    await client.deleteStream(stream, { expectedRevision: 2n });
    expect(await rejection(revisionsOf(stream))).toBeInstanceOf(StreamNotFoundError);
    const result = await client.appendToStream(stream, event('Again.v1'));
    expect(result.nextExpectedRevision).toBe(3n);
    expect(await revisionsOf(stream)).toEqual([3]);
  });

  it('tells a wrong expectation on a stream that does not exist', async () => {
    const wrong = await rejection(client.tombstoneStream(streamName(), { expectedRevision: 4n }));
    expect(wrong).toMatchObject({
      type: 'wrong-expected-version',
      expectedVersion: 4n,
      actualVersion: 'no_stream',
    });
  });

  it('tombstones: every use of the name is refused with the typed error', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(1));
    // The types leave it out, the client and the protocol know it.
    await client.tombstoneStream(stream, { expectedRevision: STREAM_EXISTS as never });
    const refusals = await Promise.all(
      [
        client.appendToStream(stream, event('X')),
        client.appendToStream(stream, event('X'), unary),
        client.deleteStream(stream),
        client.tombstoneStream(stream),
        revisionsOf(stream),
      ].map(rejection),
    );
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(StreamDeletedError);
      expect(refusal).toMatchObject({ streamName: stream });
    }
  });
});

describe('stream metadata', () => {
  it('is read back, and $maxCount, $tb and $maxAge take effect', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(10));
    await client.setStreamMetadata(stream, { maxCount: 3, owner: 'spec' });
    expect(await client.getStreamMetadata(stream)).toMatchObject({
      metadata: { maxCount: 3, owner: 'spec' },
    });
    expect(await revisionsOf(stream)).toEqual([7, 8, 9]);
    await client.setStreamMetadata(stream, { truncateBefore: 9 });
    expect(await revisionsOf(stream)).toEqual([9]);
    await client.setStreamMetadata(stream, { maxAge: 3_600 });
    expect(await revisionsOf(stream)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is empty for a stream without', async () => {
    const stream = streamName();
    expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
  });
});
