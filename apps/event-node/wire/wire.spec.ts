import { describe, expect, it } from '@jest/globals';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import fc from 'fast-check';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { TOMBSTONE_REVISION } from '#libs/event-log/sqlite/engine-api.js';
import { decodeBatchPart } from './batch-request.js';
import { eventResponse } from './read-responses.js';
import { uuidOf, wireUuid } from './uuid.js';

describe('uuid', () => {
  it('is the same as text and as two halves, also after the wire', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (uuid, structured) => {
        const sent = wireUuid(uuid, structured);
        expect([sent.hasStructured(), sent.hasString()]).toEqual([structured, !structured]);
        expect(uuidOf(shared.UUID.deserializeBinary(sent.serializeBinary()))).toBe(uuid);
      }),
    );
  });

  it('is empty text when the message has none', () => {
    expect(uuidOf(undefined)).toBe('');
  });
});

describe('BatchAppendReq', () => {
  const { BatchAppendReq } = streams;

  function optionsOf(expect: (options: InstanceType<typeof BatchAppendReq.Options>) => void) {
    const options = new BatchAppendReq.Options();
    options.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('账单-1')));
    expect(options);
    return options;
  }

  it('is read whole', () => {
    const message = new BatchAppendReq.ProposedMessage();
    message.setId(wireUuid('00000000-0000-4000-8000-000000000001'));
    message.getMetadataMap().set('type', 'BillIssued.v1').set('content-type', 'application/json');
    message.setData(Buffer.from('{"a":1}')).setCustomMetadata(Buffer.from('{"b":2}'));
    const bytes = new BatchAppendReq()
      .setCorrelationId(wireUuid('00000000-0000-4000-8000-000000000002', true))
      .setOptions(
        optionsOf((options) => {
          options.setStreamPosition('7');
          options.setDeadline(timestamp.Timestamp.fromDate(new Date(1_790_000_000_123)));
        }),
      )
      .setProposedMessagesList([message])
      .setIsFinal(true)
      .serializeBinary();
    const { events, ...part } = decodeBatchPart(Buffer.from(bytes));
    expect(part).toEqual({
      correlationId: '00000000-0000-4000-8000-000000000002',
      options: { stream: '账单-1', expected: 7, deadlineEpochMs: 1_790_000_000_123 },
      bytes: bytes.length,
      final: true,
    });
    const [{ data, metadata, ...event }] = events as [(typeof events)[0]];
    expect(event).toEqual({
      id: '00000000-0000-4000-8000-000000000001',
      type: 'BillIssued.v1',
      contentType: 'json',
    });
    expect([Buffer.from(data).toString(), Buffer.from(metadata).toString()]).toEqual(['{"a":1}', '{"b":2}']);
  });

  it.each([
    ['any', 'setAny'],
    ['no-stream', 'setNoStream'],
    ['stream-exists', 'setStreamExists'],
  ] as const)('expects %s', (expected, set) => {
    const request = new BatchAppendReq().setOptions(optionsOf((options) => options[set](new empty.Empty())));
    expect(decodeBatchPart(Buffer.from(request.serializeBinary())).options?.expected).toBe(expected);
  });

  it('is refused when it counts past 2^53, or is no message at all', () => {
    const beyond = new BatchAppendReq().setOptions(
      optionsOf((options) => options.setStreamPosition('9007199254740993')),
    );
    expect(() => decodeBatchPart(Buffer.from(beyond.serializeBinary()))).toThrow(/beyond/);
    expect(() => decodeBatchPart(Buffer.from([0xff, 0xff, 0xff]))).toThrow();
  });
});

describe('ReadResp', () => {
  it('carries an event with its place and time, and the tombstone at the largest revision', () => {
    const event = {
      id: '00000000-0000-4000-8000-000000000001',
      type: '$streamDeleted',
      contentType: 'json' as const,
      data: Buffer.from('{}'),
      metadata: Buffer.from(''),
      stream: '账单-1',
      revision: TOMBSTONE_REVISION,
      position: 9_007_199_254_740_991,
      recordedAtMs: 1_790_000_000_123,
    };
    const response = eventResponse({ event, link: undefined }, {});
    const record = streams.ReadResp.deserializeBinary(response.serializeBinary()).getEvent()!.getEvent()!;
    expect({
      id: uuidOf(record.getId()),
      stream: Buffer.from(record.getStreamIdentifier()!.getStreamName_asU8()).toString(),
      revision: record.getStreamRevision(),
      places: [record.getCommitPosition(), record.getPreparePosition()],
      metadata: record.getMetadataMap().toArray(),
    }).toEqual({
      id: event.id,
      stream: '账单-1',
      revision: '9223372036854775807',
      places: ['9007199254740991', '9007199254740991'],
      metadata: [
        ['content-type', 'application/json'],
        ['created', '17900000001230000'],
        ['type', '$streamDeleted'],
      ],
    });
  });
});
