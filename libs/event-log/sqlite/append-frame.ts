/**
 * Appends on their way to the writing worker: many in one buffer, which changes hands without a copy. Little endian:
 *
 * frame  = f64 recorded at (epoch ms), u32 number of requests, requests
 * request = u8 kind, f64 expected revision or a code below, u16 length and UTF-8 of the stream, u32 number of events, events
 * event  = u16 length and UTF-8 of the type, u32 length and bytes of the record (event-record.ts, place not yet filled in)
 */
import type { ExpectedRevision } from '#libs/event-log/port/index.js';
import type { RawAppend, RawEventToAppend } from './engine-api.js';
import {
  AT_FLAGS,
  AT_ID,
  AT_METADATA_LENGTH,
  AT_RECORDED,
  AT_VERSION,
  FLAG_JSON,
  RECORD_HEADER_BYTES,
  RECORD_VERSION,
  writeUuid,
} from './event-record.js';

export const KIND_APPEND = 0;
export const KIND_DELETE = 1;
export const KIND_TOMBSTONE = 2;
export type RequestKind = typeof KIND_APPEND | typeof KIND_DELETE | typeof KIND_TOMBSTONE;

export const EXPECT_NO_STREAM = -1;
export const EXPECT_ANY = -2;
export const EXPECT_STREAM_EXISTS = -4;

const FRAME_HEADER_BYTES = 12;
const REQUEST_HEADER_BYTES = 1 + 8 + 2 + 4;
const EVENT_HEADER_BYTES = 2 + 4 + RECORD_HEADER_BYTES;
const MAX_NAME_BYTES = 0xffff;
/** A UTF-16 unit becomes at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

export function expectationCode(expected: ExpectedRevision): number {
  switch (expected) {
    case 'no-stream':
      return EXPECT_NO_STREAM;
    case 'any':
      return EXPECT_ANY;
    case 'stream-exists':
      return EXPECT_STREAM_EXISTS;
    default:
      if (!Number.isSafeInteger(expected) || expected < 0) throw new TypeError(`${expected} is no revision.`);
      return expected;
  }
}

/** The request did not fit under the limit; nothing of it was left in the frame. */
export class AppendOverLimit extends Error {
  constructor(readonly sizeBytes: number) {
    super(`${sizeBytes} bytes`);
  }
}

/** Writes one frame. The buffer is given from outside so that it can be used again after its journey. */
export class AppendFrameWriter {
  private bytes: Buffer;
  private view: DataView;
  private at = FRAME_HEADER_BYTES;
  requests = 0;

  constructor(buffer: ArrayBuffer) {
    this.bytes = Buffer.from(buffer);
    this.view = new DataView(buffer);
  }

  get usedBytes(): number {
    return this.at;
  }

  /** @throws AppendOverLimit, TypeError for what is not well-formed; the frame is then as before */
  add(kind: RequestKind, append: RawAppend, recordedAtMs: number, limitBytes: number): void {
    const start = this.at;
    try {
      this.reserve(REQUEST_HEADER_BYTES + append.stream.length * MAX_BYTES_PER_UNIT);
      const expected = expectationCode(append.expected);
      this.view.setUint8(this.at, kind);
      this.view.setFloat64(this.at + 1, expected, true);
      this.at += 9;
      this.writeName(append.stream);
      this.view.setUint32(this.at, append.events.length, true);
      this.at += 4;
      let sizeBytes = 0;
      for (const event of append.events) {
        sizeBytes += this.writeEvent(event, recordedAtMs, limitBytes - sizeBytes);
        if (sizeBytes > limitBytes) throw new AppendOverLimit(sizeOf(append.events));
      }
      this.requests += 1;
    } catch (error) {
      this.at = start;
      throw error;
    }
  }

  /** The finished frame; the writer must not be used afterwards. */
  finish(recordedAtMs: number): ArrayBuffer {
    this.view.setFloat64(0, recordedAtMs, true);
    this.view.setUint32(8, this.requests, true);
    return this.bytes.buffer as ArrayBuffer;
  }

  /** Returns the event's size as the limit counts it. */
  private writeEvent(event: RawEventToAppend, recordedAtMs: number, leftBytes: number): number {
    // Payloads too long whatever their encoding are not even copied.
    if (event.data.length + event.metadata.length > leftBytes) return leftBytes + 1;
    this.reserve(EVENT_HEADER_BYTES + boundOf(event.type) + boundOf(event.data) + boundOf(event.metadata));
    this.writeName(event.type);
    const lengthAt = this.at;
    const record = lengthAt + 4;
    this.view.setUint32(record, 0, true);
    this.view.setUint32(record + AT_VERSION, RECORD_VERSION, true);
    this.view.setUint8(record + AT_FLAGS, event.contentType === 'json' ? FLAG_JSON : 0);
    this.view.setFloat64(record + AT_RECORDED, recordedAtMs, true);
    writeUuid(this.bytes, record + AT_ID, event.id);
    this.at = record + RECORD_HEADER_BYTES;
    const metadataBytes = this.writePayload(event.metadata);
    const dataBytes = this.writePayload(event.data);
    this.view.setUint32(record + AT_METADATA_LENGTH, metadataBytes, true);
    this.view.setUint32(lengthAt, this.at - record, true);
    return dataBytes + metadataBytes + event.type.length * 2;
  }

  private writePayload(payload: Uint8Array | string): number {
    if (typeof payload === 'string') {
      const written = this.bytes.write(payload, this.at, 'utf8');
      this.at += written;
      return written;
    }
    this.bytes.set(payload, this.at);
    this.at += payload.byteLength;
    return payload.byteLength;
  }

  private writeName(name: string): void {
    const written = this.bytes.write(name, this.at + 2, 'utf8');
    if (written === 0 || written > MAX_NAME_BYTES) {
      throw new TypeError(`A stream name or event type has 1 to ${MAX_NAME_BYTES} bytes, not ${written}.`);
    }
    this.view.setUint16(this.at, written, true);
    this.at += 2 + written;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.bytes.byteLength) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.bytes.byteLength * 2, this.at + bytes)));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.byteLength);
  }
}

/** As EventStoreDB reckons it: data + metadata + two bytes per character of the type. */
export function sizeOf(events: readonly RawEventToAppend[]): number {
  let bytes = 0;
  for (const event of events)
    bytes += lengthOf(event.data) + lengthOf(event.metadata) + event.type.length * 2;
  return bytes;
}

function lengthOf(payload: Uint8Array | string): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
}

function boundOf(payload: Uint8Array | string): number {
  return typeof payload === 'string' ? payload.length * MAX_BYTES_PER_UNIT : payload.byteLength;
}

export interface FrameEventIn {
  readonly type: string;
  /** The record with room for its place. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export interface FrameRequest {
  readonly kind: RequestKind;
  readonly expected: number;
  readonly stream: string;
  readonly events: readonly FrameEventIn[];
}

/** Takes a frame apart, in the worker. */
export function* readAppendFrame(buffer: ArrayBuffer): Generator<FrameRequest> {
  const bytes = Buffer.from(buffer);
  const view = new DataView(buffer);
  const requests = view.getUint32(8, true);
  let at = FRAME_HEADER_BYTES;
  const takeName = (): string => {
    const length = view.getUint16(at, true);
    const start = at + 2;
    at = start + length;
    return bytes.toString('utf8', start, at);
  };
  for (let request = 0; request < requests; request += 1) {
    const kind = view.getUint8(at) as RequestKind;
    const expected = view.getFloat64(at + 1, true);
    at += 9;
    const stream = takeName();
    const count = view.getUint32(at, true);
    at += 4;
    const events: FrameEventIn[] = [];
    for (let event = 0; event < count; event += 1) {
      const type = takeName();
      const length = view.getUint32(at, true);
      const start = at + 4;
      at = start + length;
      events.push({
        type,
        bytes: new Uint8Array(buffer, start, length),
        view: new DataView(buffer, start, length),
      });
    }
    yield { kind, expected, stream, events };
  }
}

export function recordedAtOf(buffer: ArrayBuffer): number {
  return new DataView(buffer).getFloat64(0, true);
}
