import { LogDamaged } from '#libs/event-log/port/index.js';
import { faultOf } from '../event-record.js';
import { INDEX_NUMBERS, type PageFrame } from '../protocol.js';
import type { Names } from './names.js';

/** A row of `events`: position, stream, revision, type, body. */
export type EventRow = readonly [
  position: number,
  stream: number,
  revision: number,
  type: number,
  body: Uint8Array<ArrayBuffer>,
];

/** Gathers verified rows into one frame. */
export class PageFrameBuilder {
  private readonly rows: EventRow[] = [];
  bytes = 0;

  constructor(
    private readonly streams: Names,
    private readonly types: Names,
  ) {}

  get count(): number {
    return this.rows.length;
  }

  /** @throws LogDamaged naming the position */
  add(row: EventRow): void {
    const [position, streamKey, revision, typeKey, body] = row;
    const fault = faultOf(body, { position, streamKey, revision, typeKey });
    if (fault !== undefined) throw new LogDamaged(`position ${position}`, fault);
    this.rows.push(row);
    this.bytes += body.byteLength;
  }

  finish(): PageFrame {
    const streams = new Dictionary(this.streams);
    const types = new Dictionary(this.types);
    const records = new Uint8Array(this.bytes);
    const index = new Uint32Array(this.rows.length * INDEX_NUMBERS);
    let at = 0;
    let entry = 0;
    for (const [, stream, , type, body] of this.rows) {
      index[entry] = streams.indexOf(stream);
      index[entry + 1] = types.indexOf(type);
      index[entry + 2] = at;
      index[entry + 3] = body.byteLength;
      records.set(body, at);
      at += body.byteLength;
      entry += INDEX_NUMBERS;
    }
    return { streams: streams.texts, types: types.texts, index, records: records.buffer };
  }
}

class Dictionary {
  readonly texts: string[] = [];
  private readonly indices = new Map<number, number>();

  constructor(private readonly names: Names) {}

  indexOf(key: number): number {
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    const index = this.texts.push(this.names.of(key)) - 1;
    this.indices.set(key, index);
    return index;
  }
}
