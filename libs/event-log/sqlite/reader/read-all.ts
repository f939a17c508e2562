import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import type { AllReadRequest, Direction } from '../engine-api.js';
import type { ReadAnswer } from '../protocol.js';
import { Filters, type KeyFilter } from './filter.js';
import type { Names } from './names.js';
import { PageFrameBuilder, type EventRow } from './page-frame.js';
import { DEFAULT_PAGE_BYTES, DEFAULT_PAGE_EVENTS } from './read-stream.js';

const DEFAULT_SCAN_EVENTS = 10_000;

/** How far a walk came: `next` is the first position not dealt with; `ranOut` when the table, not a bound, ended it. */
interface Walk {
  readonly next: number;
  readonly ranOut: boolean;
}

type PlaceRow = readonly [position: number, stream: number, type: number];

export class AllReader {
  private readonly filters: Filters;
  private readonly last: StatementSync;
  private readonly byPosition: StatementSync;
  private readonly rows: Readonly<Record<Direction, StatementSync>>;
  private readonly places: Readonly<Record<Direction, StatementSync>>;

  constructor(
    database: DatabaseSync,
    private readonly streams: Names,
    private readonly types: Names,
  ) {
    const prepare = (sql: string): StatementSync => database.prepare(sql, { returnArrays: true });
    const both = (columns: string): Readonly<Record<Direction, StatementSync>> => ({
      forwards: prepare(`SELECT ${columns} FROM events WHERE position >= ? ORDER BY position LIMIT ?`),
      backwards: prepare(`SELECT ${columns} FROM events WHERE position <= ? ORDER BY position DESC LIMIT ?`),
    });
    this.filters = new Filters(streams, types);
    this.last = prepare('SELECT max(position) FROM events');
    this.byPosition = prepare('SELECT position, stream, revision, type, body FROM events WHERE position = ?');
    this.rows = both('position, stream, revision, type, body');
    this.places = both('position, stream, type');
  }

  page(request: AllReadRequest): ReadAnswer {
    const filter = this.filters.of(request.filter);
    const last = (this.last.get() as unknown as readonly [number | null])[0] ?? 0;
    const isForwards = request.direction === 'forwards';
    const from = startOf(request, last);
    if (from < 1 || from > last)
      return {
        kind: 'all',
        frame: this.builder().finish(),
        next: undefined,
        scannedTo: isForwards ? last : 0,
      };
    const page = this.builder();
    const { next, ranOut } = filter ? this.scan(page, request, from, filter) : this.copy(page, request, from);
    const step = isForwards ? 1 : -1;
    const isEnd = isForwards ? next > last : next < 1;
    if (ranOut && !isEnd) throw missing(next);
    return { kind: 'all', frame: page.finish(), next: isEnd ? undefined : next, scannedTo: next - step };
  }

  /** Takes every row. */
  private copy(page: PageFrameBuilder, request: AllReadRequest, from: number): Walk {
    const maxBytes = request.maxBytes ?? DEFAULT_PAGE_BYTES;
    const step = request.direction === 'forwards' ? 1 : -1;
    const limit = request.limit ?? DEFAULT_PAGE_EVENTS;
    let expected = from;
    const rows = this.rows[request.direction].iterate(from, limit);
    for (const row of rows as unknown as Iterable<EventRow>) {
      if (row[0] !== expected) throw missing(expected);
      if (page.count > 0 && page.bytes + row[4].byteLength > maxBytes)
        return { next: expected, ranOut: false };
      page.add(row);
      expected += step;
    }
    return { next: expected, ranOut: page.count < limit };
  }

  /** Looks at keys only and fetches the bodies of what matches. */
  private scan(page: PageFrameBuilder, request: AllReadRequest, from: number, filter: KeyFilter): Walk {
    const limit = request.limit ?? DEFAULT_PAGE_EVENTS;
    const maxBytes = request.maxBytes ?? DEFAULT_PAGE_BYTES;
    const step = request.direction === 'forwards' ? 1 : -1;
    let expected = from;
    const scanLimit = request.scanLimit ?? DEFAULT_SCAN_EVENTS;
    const places = this.places[request.direction].iterate(from, scanLimit);
    for (const [position, stream, type] of places as unknown as Iterable<PlaceRow>) {
      if (position !== expected) throw missing(expected);
      if (filter.matches(stream, type)) {
        if (page.count >= limit || page.bytes >= maxBytes) return { next: expected, ranOut: false };
        page.add(this.rowAt(position));
      }
      expected += step;
    }
    return { next: expected, ranOut: Math.abs(expected - from) < scanLimit };
  }

  private rowAt(position: number): EventRow {
    const row = this.byPosition.get(position) as unknown as EventRow | undefined;
    if (!row) throw missing(position);
    return row;
  }

  private builder(): PageFrameBuilder {
    return new PageFrameBuilder(this.streams, this.types);
  }
}

function startOf(request: AllReadRequest, last: number): number {
  if (request.from === 'start') return request.direction === 'forwards' ? 1 : 0;
  if (request.from === 'end') return request.direction === 'forwards' ? last + 1 : last;
  return request.direction === 'forwards' ? Math.max(request.from, 1) : Math.min(request.from, last);
}

function missing(position: number): LogDamaged {
  return new LogDamaged(`position ${position}`, 'the event is missing');
}
