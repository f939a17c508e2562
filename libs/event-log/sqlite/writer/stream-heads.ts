import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { TOMBSTONE_REVISION } from '../engine-api.js';
import { faultOf } from '../event-record.js';
import { GenerationCache } from '../generation-cache.js';
import { rowChecksum, verifyRow } from '../row-checksum.js';
import { isSoftDeleted, metadataOfRecord } from '../stream-metadata.js';

/** What the writer must know of a stream to decide on an append. Mutated as the group goes on. */
export interface StreamHead {
  /** 0 when the stream has no row yet. */
  key: number;
  readonly name: string;
  /** Of the last event; -1 for none, TOMBSTONE_REVISION after a hard delete. */
  revision: number;
  softDeleted: boolean;
}

/** Heads kept in memory: about 200 bytes each. */
const CACHED_HEADS = 50_000;

type Row = readonly (number | string | null)[];

export class StreamHeads {
  private readonly cache = new GenerationCache<string, StreamHead>(CACHED_HEADS);
  private readonly byName: StatementSync;
  private readonly lastRevision: StatementSync;
  private readonly eventAt: StatementSync;
  private readonly placeOf: StatementSync;
  private readonly insert: StatementSync;
  private readonly setMetadata: StatementSync;
  private nextKey: number;

  constructor(database: DatabaseSync, lastKey: number) {
    this.nextKey = lastKey + 1;
    this.byName = database.prepare('SELECT key, crc, metadata FROM streams WHERE name = ?', {
      returnArrays: true,
    });
    this.lastRevision = database.prepare(
      'SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
      { returnArrays: true },
    );
    this.eventAt = database.prepare('SELECT stream, revision, type, body FROM events WHERE position = ?', {
      returnArrays: true,
    });
    this.placeOf = database.prepare('SELECT position FROM events WHERE stream = ? AND revision = ?', {
      returnArrays: true,
    });
    this.insert = database.prepare('INSERT INTO streams (key, name, crc) VALUES (?, ?, ?)');
    this.setMetadata = database.prepare('UPDATE streams SET metadata = ?, crc = ? WHERE key = ?');
  }

  of(name: string): StreamHead {
    const cached = this.cache.get(name);
    if (cached) return cached;
    const head = this.load(name);
    this.cache.set(name, head);
    return head;
  }

  /** Gives the stream a row when it has none. */
  keyOf(head: StreamHead): number {
    if (head.key === 0) {
      head.key = this.nextKey;
      this.nextKey += 1;
      this.insert.run(head.key, head.name, rowChecksum({ key: head.key, name: head.name, metadata: null }));
    }
    return head.key;
  }

  /** Points the stream at its newest metadata event. */
  metadataWritten(head: StreamHead, position: number, softDeleted: boolean): void {
    const key = this.keyOf(head);
    this.setMetadata.run(position, rowChecksum({ key, name: head.name, metadata: position }), key);
    head.softDeleted = softDeleted;
  }

  /** Position of one event of the stream, undefined when there is none. */
  positionOf(head: StreamHead, revision: number): number | undefined {
    const row = this.placeOf.get(head.key, revision) as unknown as Row | undefined;
    return row?.[0] as number | undefined;
  }

  private load(name: string): StreamHead {
    const row = this.byName.get(name) as unknown as Row | undefined;
    if (!row) return { key: 0, name, revision: -1, softDeleted: false };
    const key = row[0] as number;
    verifyRow('streams', { key, name, metadata: row[2] as number | null }, row[1] as number);
    const last = this.lastRevision.get(key) as unknown as Row | undefined;
    const revision = (last?.[0] as number | undefined) ?? -1;
    const metadataAt = row[2] as number | null;
    const softDeleted =
      metadataAt !== null &&
      revision !== TOMBSTONE_REVISION &&
      isSoftDeleted(metadataOfRecord(this.recordAt(metadataAt)));
    return { key, name, revision, softDeleted };
  }

  /** The verified record at a position. @throws LogDamaged */
  recordAt(position: number): Uint8Array {
    const row = this.eventAt.get(position) as unknown as
      readonly [number, number, number, Uint8Array] | undefined;
    if (!row) throw new LogDamaged(`position ${position}`, 'the event is missing');
    const fault = faultOf(row[3], { position, streamKey: row[0], revision: row[1], typeKey: row[2] });
    if (fault !== undefined) throw new LogDamaged(`position ${position}`, fault);
    return row[3];
  }
}
