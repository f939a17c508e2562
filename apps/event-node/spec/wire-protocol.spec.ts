import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, credentials, status } from '@grpc/grpc-js';
import type { EventStoreDBClient } from '@eventstore/db-client';
import {
  closeClient,
  events,
  gather,
  localNode,
  rawClient,
  rejection,
  streamName,
  tempDir,
} from './harness.js';
import type { LocalNode } from './harness.js';

/** What db-client never sends but the protocol knows: spoken with the generated classes alone. */

const dir = tempDir();
let node: LocalNode;
let client: EventStoreDBClient;
let grpc: StreamsClient;

beforeAll(async () => {
  node = await localNode(dir.path);
  client = rawClient(node.connectionString);
  grpc = new StreamsClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
});

afterAll(async () => {
  grpc.close();
  await closeClient(client);
  await node.close();
  dir.remove();
});

function identifier(stream: string) {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
}

function readRequest(edit: (options: ReadReq.Options) => void): ReadReq {
  const options = new streams.ReadReq.Options();
  options.setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  options.setNoFilter(new shared.Empty());
  options.setCount('1000');
  edit(options);
  return new streams.ReadReq().setOptions(options);
}

function ofStream(stream: string): ReadReq.Options.StreamOptions {
  return new streams.ReadReq.Options.StreamOptions()
    .setStreamIdentifier(identifier(stream))
    .setStart(new shared.Empty());
}

function read(request: ReadReq, deadlineMs?: number): Promise<ReadResp[]> {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  return gather(grpc.read(request, new Metadata(), options) as AsyncIterable<ReadResp>);
}

describe('Read', () => {
  it('ends with the first and last position of the stream for a client that asks for them', async () => {
    const stream = streamName();
    await client.appendToStream(stream, events(6));
    await client.setStreamMetadata(stream, { truncateBefore: 2 });
    const responses = await read(
      readRequest((options) => {
        options.setStream(ofStream(stream));
        options.setControlOption(new streams.ReadReq.Options.ControlOption().setCompatibility(1));
      }),
    );
    expect(responses.map((one) => one.getEvent()?.getEvent()?.getStreamRevision())).toEqual([
      '2',
      '3',
      '4',
      '5',
      undefined,
      undefined,
    ]);
    expect([responses[4]!.getFirstStreamPosition(), responses[5]!.getLastStreamPosition()]).toEqual([
      '2',
      '5',
    ]);
  });

  it('ends with the last position of $all for a client that asks for it', async () => {
    const [last] = (
      await read(
        readRequest((options) => {
          options.setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()));
          options.setControlOption(new streams.ReadReq.Options.ControlOption().setCompatibility(1));
        }),
      )
    ).slice(-1);
    expect(last!.getLastAllStreamPosition()!.getCommitPosition()).toBe(String(node.engine.lastPosition()));
  });

  it('writes UUIDs as two halves for a client that wants them so', async () => {
    const stream = streamName();
    const [written] = events(1);
    await client.appendToStream(stream, written!);
    const [response] = await read(
      readRequest((options) => {
        options.setStream(ofStream(stream));
        options.setUuidOption(new streams.ReadReq.Options.UUIDOption().setStructured(new shared.Empty()));
      }),
    );
    const halves = response!.getEvent()!.getEvent()!.getId()!.getStructured()!;
    const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
      .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
      .join('');
    expect(hex).toBe(written!.id.replaceAll('-', ''));
  });

  it('filters a read of $all, and counts what matches', async () => {
    const stream = streamName('counted');
    for (let i = 0; i < 4; i += 1) {
      await client.appendToStream(stream, events(1));
      await client.appendToStream(streamName('between'), events(3));
    }
    const expression = new streams.ReadReq.Options.FilterOptions.Expression().setPrefixList([stream]);
    const responses = await read(
      readRequest((options) => {
        options.setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()));
        options.setCount('3');
        options.setFilter(
          new streams.ReadReq.Options.FilterOptions()
            .setStreamIdentifier(expression)
            .setCount(new shared.Empty())
            .setCheckpointintervalmultiplier(1),
        );
      }),
    );
    expect(responses.map((one) => one.getEvent()!.getEvent()!.getStreamRevision())).toEqual(['0', '1', '2']);
  });

  it('is ended by the deadline of the call', async () => {
    const subscription = readRequest((options) => {
      options.setStream(ofStream(streamName()));
      options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
    });
    expect(await rejection(read(subscription, 200))).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  it.each([
    ['no options', () => new streams.ReadReq()],
    ['no source', () => readRequest(() => {})],
    ['no stream name', () => readRequest((options) => options.setStream(ofStream('')))],
    [
      'an empty filter',
      () =>
        readRequest((options) => {
          options.setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()));
          options.setFilter(new streams.ReadReq.Options.FilterOptions());
        }),
    ],
    [
      'a revision beyond 2^53',
      () => readRequest((options) => options.setStream(ofStream('x').setRevision('9223372036854775807'))),
    ],
  ])('refuses a request with %s', async (_, request) => {
    expect(await rejection(read(request()))).toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe('Append', () => {
  function append(write: (call: ReturnType<StreamsClient['append']>) => void): Promise<AppendResp> {
    return new Promise((resolve, reject) => {
      const call = grpc.append((error, response) => (error ? reject(error) : resolve(response)));
      write(call);
      call.end();
    });
  }

  it('takes ids as two halves', async () => {
    const stream = streamName();
    await append((call) => {
      call.write(
        new streams.AppendReq().setOptions(
          new streams.AppendReq.Options()
            .setStreamIdentifier(identifier(stream))
            .setNoStream(new shared.Empty()),
        ),
      );
      const message = new streams.AppendReq.ProposedMessage();
      const halves = new shared.UUID.Structured().setMostSignificantBits('-1').setLeastSignificantBits('255');
      message.setId(new shared.UUID().setStructured(halves));
      message.getMetadataMap().set('type', 'Halves').set('content-type', 'application/json');
      message.setData(Buffer.from('{}'));
      call.write(new streams.AppendReq().setProposedMessage(message));
    });
    const [resolved] = await gather(client.readStream(stream));
    expect(resolved!.event!.id).toBe('ffffffff-ffff-ffff-0000-0000000000ff');
  });

  it('refuses a request without options, and an id that is no UUID', async () => {
    expect(await rejection(append(() => {}))).toMatchObject({ code: status.INVALID_ARGUMENT });
    const wrongId = append((call) => {
      const options = new streams.AppendReq.Options().setStreamIdentifier(identifier(streamName()));
      call.write(new streams.AppendReq().setOptions(options.setAny(new shared.Empty())));
      const message = new streams.AppendReq.ProposedMessage().setId(new shared.UUID().setString('x'));
      message.getMetadataMap().set('type', 'X');
      call.write(new streams.AppendReq().setProposedMessage(message));
    });
    expect(await rejection(wrongId)).toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe('BatchAppend', () => {
  it('refuses an append that does not start with its options', async () => {
    const call = grpc.batchAppend();
    const failed = rejection(new Promise((_, reject) => call.on('error', reject)));
    call.on('data', () => {});
    call.write(
      new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString('a')).setIsFinal(true),
    );
    expect(await failed).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('refuses a client that begins appends and finishes none, before they fill the memory', async () => {
    const call = grpc.batchAppend();
    const failed = rejection(new Promise((_, reject) => call.on('error', reject)));
    call.on('data', () => {});
    const message = new streams.BatchAppendReq.ProposedMessage().setData(new Uint8Array(2 * 1024 * 1024));
    for (let i = 0; i < 20; i += 1) {
      const begun = new streams.BatchAppendReq();
      begun.setCorrelationId(new shared.UUID().setString(crypto.randomUUID()));
      begun.setOptions(new streams.BatchAppendReq.Options().setStreamIdentifier(identifier('begun')));
      begun.setProposedMessagesList([message]);
      call.write(begun);
    }
    expect(await failed).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });

  it('answers what is under way before it ends a stream the client has half-closed', async () => {
    const call = grpc.batchAppend();
    const answers: string[] = [];
    call.on('data', (response) => answers.push(response.getCorrelationId()!.getString()));
    const ended = new Promise((resolve) => call.on('end', resolve));
    const stream = streamName();
    for (let i = 0; i < 20; i += 1) {
      const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
      const message = new streams.BatchAppendReq.ProposedMessage();
      message.setId(new shared.UUID().setString(crypto.randomUUID()));
      message.getMetadataMap().set('type', 'X').set('content-type', 'application/octet-stream');
      const whole = new streams.BatchAppendReq();
      whole.setOptions(options);
      whole.setIsFinal(true);
      whole.setProposedMessagesList([message]);
      whole.setCorrelationId(new shared.UUID().setString(`00000000-0000-4000-8000-0000000000${10 + i}`));
      call.write(whole);
    }
    call.end();
    await ended;
    expect(answers).toHaveLength(20);
    expect(await gather(client.readStream(stream))).toHaveLength(20);
  });
});
