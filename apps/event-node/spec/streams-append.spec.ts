import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamNotFoundError,
  WrongExpectedVersionError,
  binaryEvent,
  jsonEvent,
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

describe.each([
  ['batch append', {}],
  ['unary append', unary],
])('%s', (_, base) => {
  it('stores and returns revision and position, and reads back what was written', async () => {
    const stream = streamName();
    const before = Date.now();
    const written = event('Opened.v1', { amountFen: '1409', title: '学费' });
    const result = await client.appendToStream(stream, [written, event('Paid.v1')], {
      expectedRevision: NO_STREAM,
      ...base,
    });
    const position = BigInt(node.engine.lastPosition());
    expect(result).toEqual({
      success: true,
      nextExpectedRevision: 1n,
      position: { commit: position, prepare: position },
    });
    const read = [];
    for await (const resolved of client.readStream(stream)) read.push(resolved);
    expect(read).toHaveLength(2);
    expect(read[0]).toEqual({
      commitPosition: position - 1n,
      event: {
        streamId: stream,
        id: written.id,
        revision: 0n,
        type: 'Opened.v1',
        data: written.data,
        metadata: { by: 'spec' },
        isJson: true,
        created: expect.any(Date),
        position: { commit: position - 1n, prepare: position - 1n },
      },
    });
    const created = read[0]!.event!.created.getTime();
    expect(created).toBeGreaterThanOrEqual(before - 1);
    expect(created).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('repeats an identical append without storing it again', async () => {
    const stream = streamName();
    const batch = events(3);
    const first = await client.appendToStream(stream, batch, { expectedRevision: NO_STREAM, ...base });
    const again = await client.appendToStream(stream, batch, { expectedRevision: NO_STREAM, ...base });
    expect(again).toEqual(first);
    expect(await revisionsOf(stream)).toEqual([0, 1, 2]);
  });

  it('refuses a wrong revision with the typed error', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(2), { expectedRevision: NO_STREAM, ...base });
    const wrong = await rejection(
      client.appendToStream(stream, event('X'), { expectedRevision: 7n, ...base }),
    );
    expect(wrong).toBeInstanceOf(WrongExpectedVersionError);
    expect(wrong).toMatchObject({ streamName: stream, expectedVersion: 7n, actualVersion: 1n });
    const none = await rejection(
      client.appendToStream(streamName(), event('X'), { expectedRevision: 0n, ...base }),
    );
    expect(none).toMatchObject({ expectedVersion: 0n, actualVersion: 'no_stream' });
    const exists = await rejection(
      client.appendToStream(streamName(), event('X'), { expectedRevision: STREAM_EXISTS, ...base }),
    );
    expect(exists).toMatchObject({ expectedVersion: 'stream_exists', actualVersion: 'no_stream' });
    const noStream = await rejection(
      client.appendToStream(stream, event('X'), { expectedRevision: NO_STREAM, ...base }),
    );
    expect(noStream).toMatchObject({ expectedVersion: 'no_stream', actualVersion: 1n });
  });

  it('refuses more than 1 MiB with the limit in the error, and goes on', async () => {
    const stream = streamName();
    const tooMuch = await rejection(
      client.appendToStream(stream, event('Big.v1', { pad: 'x'.repeat(1024 * 1024) }), base),
    );
    expect(tooMuch).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(tooMuch).toMatchObject({ maxAppendSize: 1024 * 1024 });
    const farTooMuch = await rejection(
      client.appendToStream(stream, event('Big.v1', { pad: 'x'.repeat(6 * 1024 * 1024) }), base),
    );
    expect(farTooMuch).toBeInstanceOf(MaxAppendSizeExceededError);
    await client.appendToStream(stream, event('Big.v1', { pad: 'x'.repeat(1024 * 1024 - 2_000) }), base);
    expect(await revisionsOf(stream)).toEqual([0]);
  });

  it('keeps binary events and missing metadata as they are', async () => {
    const stream = streamName();
    await client.appendToStream(
      stream,
      [
        binaryEvent({ type: 'Scanned.v1', data: Uint8Array.of(0, 255, 1), metadata: Uint8Array.of(9, 8) }),
        jsonEvent({ type: 'Plain.v1', data: {} }),
      ],
      base,
    );
    const [binary, plain] = await gather(client.readStream(stream));
    expect(binary!.event).toMatchObject({ isJson: false, type: 'Scanned.v1' });
    expect([...(binary!.event!.data as Uint8Array)]).toEqual([0, 255, 1]);
    expect([...(binary!.event!.metadata as Uint8Array)]).toEqual([9, 8]);
    expect(plain!.event).toMatchObject({ isJson: true, data: {}, metadata: undefined });
  });
});

describe('batch append', () => {
  it('puts together what the client splits over several messages', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(50), { batchAppendSize: 500 });
    expect(await revisionsOf(stream)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('answers many at once, each with its own outcome, and keeps the order of one stream', async () => {
    const stream = streamName();
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, i) =>
        client.appendToStream(stream, event('Seq.v1', { i }), {
          expectedRevision: i === 0 ? NO_STREAM : BigInt(i - 1),
        }),
      ),
      client.appendToStream(stream, event('Seq.v1'), { expectedRevision: 500n }),
      ...Array.from({ length: 20 }, () => client.appendToStream(streamName(), events(2))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array<string>(20).fill('fulfilled'),
      'rejected',
      ...Array<string>(20).fill('fulfilled'),
    ]);
    expect(await revisionsOf(stream)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('gives up on an append whose deadline has passed on arrival', async () => {
    const stream = streamName();
    const late = await rejection(client.appendToStream(stream, event('Late.v1'), { deadline: -10_000 }));
    expect(late).toMatchObject({ type: 'deadline-exceeded' });
    expect(await rejection(revisionsOf(stream))).toBeInstanceOf(StreamNotFoundError);
  });
});
