import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { TOMBSTONE_REVISION, type StreamReadRequest } from '../engine-api.js';
import { AT_RECORDED, faultOf } from '../event-record.js';
import { verifyRow } from '../row-checksum.js';
import type { ReadAnswer } from '../protocol.js';
import { isMetadataStream, isSoftDeleted, metadataOfRecord, type Retention } from '../stream-metadata.js';
import type { Names } from './names.js';
import { PageFrameBuilder, type EventRow } from './page-frame.js';

export const DEFAULT_PAGE_EVENTS = 1_000;
export const DEFAULT_PAGE_BYTES = 1_048_576;
const COLUMNS = 'position, stream, revision, type, body';
const KEEP_ALL: Retention = { maxCount: undefined, maxAgeSeconds: undefined, truncateBefore: undefined };
/** EventStoreDB keeps one event in each metadata stream. */
const KEEP_LAST: Retention = { ...KEEP_ALL, maxCount: 1 };

interface Bounds {
  readonly key: number;
  readonly first: number;
  readonly last: number;
  /** Events recorded before are past their `$maxAge`. */
  readonly recordedFromMs: number;
}

export class StreamReader {
  private readonly byName: StatementSync;
  private readonly lastRevision: StatementSync;
  private readonly byPosition: StatementSync;
  private readonly byPlace: StatementSync;
  private readonly forwards: StatementSync;
  private readonly backwards: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly streams: Names,
    private readonly types: Names,
  ) {
    const prepare = (sql: string): StatementSync => database.prepare(sql, { returnArrays: true });
    this.byName = prepare('SELECT key, crc, metadata FROM streams WHERE name = ?');
    this.lastRevision = prepare(
      'SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
    );
    this.byPosition = prepare(`SELECT ${COLUMNS} FROM events WHERE position = ?`);
    this.byPlace = prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision = ?`);
    this.forwards = prepare(
      `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?`,
    );
    this.backwards = prepare(
      `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`,
    );
  }

  page(request: StreamReadRequest, nowMs: number): ReadAnswer {
    const bounds = this.boundsOf(request.stream, nowMs);
    if (bounds === 'not-found' || bounds === 'tombstoned') return { kind: bounds };
    const isForwards = request.direction === 'forwards';
    const from = startOf(request, bounds);
    const low = isForwards ? Math.max(from, bounds.first) : bounds.first;
    const high = isForwards ? bounds.last : Math.min(from, bounds.last);
    const limit = request.limit ?? DEFAULT_PAGE_EVENTS;
    const maxBytes = request.maxBytes ?? DEFAULT_PAGE_BYTES;
    const page = new PageFrameBuilder(this.streams, this.types);
    const step = isForwards ? 1 : -1;
    let expected = isForwards ? low : high;
    let left = limit;
    const rows = (isForwards ? this.forwards : this.backwards).iterate(bounds.key, low, high, limit);
    for (const row of rows as unknown as Iterable<EventRow>) {
      if (row[2] !== expected) throw missing(request.stream, expected);
      if (page.count > 0 && page.bytes + row[4].byteLength > maxBytes) {
        left = 0;
        break;
      }
      left -= 1;
      expected += step;
      const isKept = recordedAtOf(row[4]) >= bounds.recordedFromMs;
      if (isKept) page.add(row);
      else if (!isForwards) {
        expected = bounds.first - 1; // older ones are past their age too
        break;
      }
    }
    const next = expected >= low && expected <= high ? expected : undefined;
    // Rows ran out before the page was full, though the stream goes on.
    if (next !== undefined && left > 0) throw missing(request.stream, next);
    return { kind: 'page', frame: page.finish(), next, lastRevision: bounds.last };
  }

  /** One event by its place, whatever the retention. */
  event(stream: string, revision: number): ReadAnswer {
    const row = this.rowOf(stream);
    const found = row && (this.byPlace.get(row.key, revision) as unknown as EventRow | undefined);
    if (!found) return { kind: 'not-found' };
    const page = new PageFrameBuilder(this.streams, this.types);
    page.add(found);
    return { kind: 'page', frame: page.finish(), next: undefined, lastRevision: revision };
  }

  private boundsOf(stream: string, nowMs: number): Bounds | 'not-found' | 'tombstoned' {
    const row = this.rowOf(stream);
    if (!row) return 'not-found';
    const last = (this.lastRevision.get(row.key) as unknown as readonly [number] | undefined)?.[0];
    if (last === TOMBSTONE_REVISION) return 'tombstoned';
    const retention = this.retentionOf(stream, row.metadata);
    if (last === undefined || isSoftDeleted(retention)) return 'not-found';
    const { maxCount, maxAgeSeconds, truncateBefore } = retention;
    return {
      key: row.key,
      first: Math.max(truncateBefore ?? 0, maxCount === undefined ? 0 : last - maxCount + 1, 0),
      last,
      recordedFromMs: maxAgeSeconds === undefined ? 0 : nowMs - maxAgeSeconds * 1_000,
    };
  }

  private retentionOf(stream: string, metadataAt: number | null): Retention {
    if (metadataAt === null) return isMetadataStream(stream) ? KEEP_LAST : KEEP_ALL;
    const row = this.byPosition.get(metadataAt) as unknown as EventRow | undefined;
    if (!row) throw new LogDamaged(`position ${metadataAt}`, 'the event is missing');
    const fault = faultOf(row[4], { position: row[0], streamKey: row[1], revision: row[2], typeKey: row[3] });
    if (fault !== undefined) throw new LogDamaged(`position ${metadataAt}`, fault);
    return metadataOfRecord(row[4]);
  }

  private rowOf(stream: string): { readonly key: number; readonly metadata: number | null } | undefined {
    const row = this.byName.get(stream) as unknown as readonly [number, number, number | null] | undefined;
    if (!row) return undefined;
    verifyRow('streams', { key: row[0], name: stream, metadata: row[2] }, row[1]);
    return { key: row[0], metadata: row[2] };
  }
}

function startOf(request: StreamReadRequest, bounds: Bounds): number {
  if (request.from === 'start') return 0;
  return request.from === 'end' ? bounds.last : request.from;
}

function recordedAtOf(body: Uint8Array): number {
  if (body.byteLength < AT_RECORDED + 8) return Number.POSITIVE_INFINITY; // left to the checksum to complain of
  return new DataView(body.buffer, body.byteOffset).getFloat64(AT_RECORDED, true);
}

function missing(stream: string, revision: number): LogDamaged {
  return new LogDamaged(`revision ${revision} of stream ${stream}`, 'the event is missing');
}
