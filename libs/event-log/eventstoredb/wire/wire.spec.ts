import { describe, expect, it } from '@jest/globals';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import fc from 'fast-check';
import { encodePosition } from '#libs/event-log/port/index.js';
import type { ExpectedRevision, JsonObject } from '#libs/event-log/port/index.js';
import { encodeBatchAppend, prepareAppend } from './batch-append-request.js';
import { MalformedMessage, ProtoReader } from './protobuf-reader.js';
import { ProtoWriter } from './protobuf-writer.js';
import { encodeReadRequest } from './read-request.js';
import { decodeReadResponse } from './read-response.js';
import { readUuid, writeUuid } from './uuid.js';

const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const revisions = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const json = fc.dictionary(
  fc.string({ maxLength: 8 }),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()),
) as fc.Arbitrary<JsonObject>;

describe('ProtoWriter and ProtoReader', () => {
  it('agree with each other on every field type', () => {
    const writer = new ProtoWriter();
    fc.assert(
      fc.property(
        fc.record({
          n: revisions,
          big: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          text: names,
          bytes: fc.uint8Array({ maxLength: 300 }),
        }),
        ({ n, big, text, bytes }) => {
          const nested = writer.mark();
          writer.uint(4, big);
          writer.mapEntry(3, text, text);
          writer.message(2_000, nested);
          writer.bytes(3, bytes);
          writer.string(2, text);
          writer.uint(1, n);
          const reader = new ProtoReader(writer.finish());
          expect([reader.next(), reader.field, reader.uint()]).toEqual([true, 1, n]);
          expect([reader.next(), reader.field, reader.string()]).toEqual([true, 2, text]);
          expect([reader.next(), reader.field, [...reader.bytes()]]).toEqual([true, 3, [...bytes]]);
          expect([reader.next(), reader.field]).toEqual([true, 2_000]);
          const inner = reader.message();
          inner.next();
          inner.skip();
          expect([inner.next(), inner.uint64(), inner.next(), reader.next()]).toEqual([
            true,
            big,
            false,
            false,
          ]);
        },
      ),
    );
  });

  it('keeps messages apart that share a slab, and takes one larger than it', () => {
    const writer = new ProtoWriter();
    const messages = Array.from({ length: 3_000 }, (_, i) => {
      writer.string(1, `message ${i} ${'x'.repeat(i === 1_500 ? 200_000 : 40)}`);
      return writer.finish();
    });
    messages.forEach((message, i) => {
      const reader = new ProtoReader(message);
      reader.next();
      expect(reader.string().startsWith(`message ${i} x`)).toBe(true);
      expect(reader.next()).toBe(false);
    });
  });

  it('refuses what is cut short or no protobuf at all, and never loops', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(decodeReadResponse(Buffer.from(bytes)).kind).toEqual(expect.any(String));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('uuid', () => {
  it('is the same as text and as two halves', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (uuid, structured) => {
        const writer = new ProtoWriter();
        writeUuid(writer, 1, uuid, structured);
        const reader = new ProtoReader(writer.finish());
        reader.next();
        expect(readUuid(reader.message())).toBe(uuid);
      }),
    );
  });
});

describe('BatchAppendReq', () => {
  it('is read by the generated classes as it was meant', () => {
    const writer = new ProtoWriter();
    const expectations = fc.oneof(
      revisions,
      fc.constantFrom<ExpectedRevision[]>('any', 'no-stream', 'stream-exists'),
    );
    const event = fc.record({ id: fc.uuid(), type: names, data: json, metadata: json });
    fc.assert(
      fc.property(
        names,
        expectations,
        fc.array(event, { minLength: 1, maxLength: 4 }),
        fc.uuid(),
        (stream, expected, events, correlation) => {
          const encoded = encodeBatchAppend(
            writer,
            correlation,
            prepareAppend(stream, expected, events),
            1_790_000_000_123,
          );
          const request = streams.BatchAppendReq.deserializeBinary(encoded);
          const options = request.getOptions()!;
          expect({
            correlation: request.getCorrelationId()!.getString(),
            final: request.getIsFinal(),
            stream: Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString(),
            revision: options.hasStreamPosition() ? Number(options.getStreamPosition()) : undefined,
            flags: [options.hasAny(), options.hasNoStream(), options.hasStreamExists()],
            deadline: options.getDeadline()!.toDate().getTime(),
            events: request.getProposedMessagesList().map((message) => ({
              id: message.getId()!.getString(),
              type: message.getMetadataMap().get('type'),
              contentType: message.getMetadataMap().get('content-type'),
              data: JSON.parse(Buffer.from(message.getData_asU8()).toString()) as unknown,
              metadata: JSON.parse(Buffer.from(message.getCustomMetadata_asU8()).toString()) as unknown,
            })),
          }).toEqual({
            correlation,
            final: true,
            stream: Buffer.from(stream).toString(),
            revision: typeof expected === 'number' ? expected : undefined,
            flags: [expected === 'any', expected === 'no-stream', expected === 'stream-exists'],
            deadline: 1_790_000_000_123,
            events: events.map((one) => ({
              ...one,
              type: Buffer.from(one.type).toString(),
              contentType: 'application/json',
              data: JSON.parse(JSON.stringify(one.data)) as unknown,
              metadata: JSON.parse(JSON.stringify(one.metadata)) as unknown,
            })),
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reckons the size as EventStoreDB does', () => {
    const event = {
      id: '00000000-0000-4000-8000-000000000000',
      type: 'Größe.v1',
      data: { a: '学' },
      metadata: {},
    };
    expect(prepareAppend('s', 'any', [event, event]).sizeBytes).toBe(2 * ('{"a":"xyz"}'.length + 2 + 2 * 8));
  });
});

describe('ReadReq', () => {
  it('is read by the generated classes as it was meant', () => {
    const filter = { on: 'stream' as const, regex: '', prefixes: ['a-', 'b-'] };
    const subscription = encodeReadRequest({
      source: { all: true, from: encodePosition(7, 6), filter },
      subscription: true,
    });
    const options = streams.ReadReq.deserializeBinary(subscription).getOptions()!;
    expect(options.getAll()!.getPosition()!.toObject()).toEqual({
      commitPosition: '7',
      preparePosition: '6',
    });
    expect(options.hasSubscription()).toBe(true);
    expect(options.getUuidOption()!.hasString()).toBe(true);
    expect(options.getFilter()!.getStreamIdentifier()!.toObject()).toEqual({
      regex: '',
      prefixList: ['a-', 'b-'],
    });
    expect([options.getFilter()!.getMax(), options.getFilter()!.getCheckpointintervalmultiplier()]).toEqual([
      500, 2,
    ]);

    const read = encodeReadRequest({ source: { stream: '学', from: 4 }, backwards: true, count: 9 });
    const readOptions = streams.ReadReq.deserializeBinary(read).getOptions()!;
    expect(readOptions.getStream()!.getRevision()).toBe('4');
    expect(Buffer.from(readOptions.getStream()!.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(
      '学',
    );
    expect([readOptions.getReadDirection(), readOptions.getCount(), readOptions.hasNoFilter()]).toEqual([
      1,
      '9',
      true,
    ]);
  });
});

describe('ReadResp', () => {
  it("of the generated classes is decoded into the port's event", () => {
    const record = new streams.ReadResp.ReadEvent.RecordedEvent();
    record.setId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'));
    record.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('账单-1')));
    record.setStreamRevision('3');
    record.setCommitPosition('9007199254740995');
    record.setPreparePosition('9007199254740994');
    record
      .getMetadataMap()
      .set('type', 'BillIssued.v1')
      .set('created', '17900000001239999')
      .set('content-type', 'application/json');
    record.setData(Buffer.from('{"amountFen":"1409"}'));
    const response = new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(record));
    expect(decodeReadResponse(Buffer.from(response.serializeBinary()))).toEqual({
      kind: 'event',
      event: {
        id: '00000000-0000-4000-8000-000000000001',
        type: 'BillIssued.v1',
        data: { amountFen: '1409' },
        metadata: {},
        stream: '账单-1',
        revision: 3,
        position: '9007199254740995/9007199254740994',
        recordedAt: new Date(1_790_000_000_123).toISOString(),
      },
    });
  });
});
