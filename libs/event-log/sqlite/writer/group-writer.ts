import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  AppendFrameWriter,
  KIND_APPEND,
  KIND_DELETE,
  KIND_TOMBSTONE,
  readAppendFrame,
  recordedAtOf,
  type FrameEventIn,
  type FrameRequest,
} from '../append-frame.js';
import { TOMBSTONE_REVISION } from '../engine-api.js';
import { sealRecord } from '../event-record.js';
import {
  METADATA_TYPE,
  TOMBSTONE_TYPE,
  dataTextOf,
  isMetadataStream,
  isSoftDeleted,
  metadataOfRecord,
  metadataStreamOf,
  parseRetention,
  softDeletedMetadata,
  streamOfMetadata,
  withTruncateBefore,
} from '../stream-metadata.js';
import {
  OUTCOME_CONFLICT,
  OUTCOME_DELETED,
  OUTCOME_OK,
  OUTCOME_REPLAYED,
  OUTCOME_TOMBSTONED,
} from '../protocol.js';
import { AppendCheck, type Verdict } from './check-append.js';
import { StreamHeads, type StreamHead } from './stream-heads.js';
import { TypeKeys } from './type-keys.js';

/** Where the log ends, as read when the file was opened. */
export interface LogEnds {
  readonly lastPosition: number;
  readonly lastStreamKey: number;
  readonly lastTypeKey: number;
}

/** Applies frames inside the transaction its caller holds. After a rollback it must not be used again. */
export class GroupWriter {
  lastPosition: number;
  private readonly heads: StreamHeads;
  private readonly types: TypeKeys;
  private readonly check: AppendCheck;
  private readonly insert: StatementSync;

  constructor(database: DatabaseSync, ends: LogEnds) {
    this.lastPosition = ends.lastPosition;
    this.heads = new StreamHeads(database, ends.lastStreamKey);
    this.types = new TypeKeys(database, ends.lastTypeKey);
    this.check = new AppendCheck(this.heads);
    this.insert = database.prepare(
      'INSERT INTO events (position, stream, revision, type, body) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Pushes OUTCOME_NUMBERS numbers per request to `outcomes`. */
  apply(frame: ArrayBuffer, outcomes: number[]): void {
    const recordedAtMs = recordedAtOf(frame);
    for (const request of readAppendFrame(frame)) {
      const head = this.heads.of(request.stream);
      const verdict = this.check.verdictOn(head, request);
      switch (verdict.kind) {
        case 'write':
          this.carryOut(head, request, recordedAtMs);
          outcomes.push(OUTCOME_OK, request.kind === KIND_APPEND ? head.revision : -1, this.lastPosition);
          break;
        case 'replayed':
          outcomes.push(OUTCOME_REPLAYED, verdict.revision, verdict.position);
          break;
        default:
          outcomes.push(refusalCode(verdict), verdict.kind === 'conflict' ? verdict.actual : 0, 0);
      }
    }
  }

  private carryOut(head: StreamHead, request: FrameRequest, recordedAtMs: number): void {
    switch (request.kind) {
      case KIND_APPEND:
        if (request.events.length === 0) return;
        if (head.softDeleted) this.recreate(head, recordedAtMs);
        this.check.written(request, head.revision + 1, this.lastPosition + 1);
        for (const event of request.events) this.write(head, event, head.revision + 1);
        if (isMetadataStream(head.name)) this.followMetadata(head, request.events.at(-1)!, recordedAtMs);
        return;
      case KIND_DELETE:
        this.writeMetadata(head, softDeletedMetadata(), recordedAtMs);
        return;
      case KIND_TOMBSTONE:
        this.write(head, systemEvent(TOMBSTONE_TYPE, '{}', recordedAtMs), TOMBSTONE_REVISION);
        return;
      default:
        request.kind satisfies never;
    }
  }

  private write(head: StreamHead, event: FrameEventIn, revision: number): void {
    const place = {
      position: this.lastPosition + 1,
      streamKey: this.heads.keyOf(head),
      revision,
      typeKey: this.types.keyOf(event.type),
    };
    sealRecord(event.view, event.bytes, place);
    this.insert.run(place.position, place.streamKey, revision, place.typeKey, event.bytes);
    this.lastPosition = place.position;
    head.revision = revision;
  }

  /** An append to a soft-deleted stream keeps the numbering and hides what was before it. */
  private recreate(head: StreamHead, recordedAtMs: number): void {
    this.writeMetadata(head, withTruncateBefore(this.metadataTextOf(head), head.revision + 1), recordedAtMs);
  }

  /** Metadata written from outside takes effect; on a soft-deleted stream it must not bring the deleted events back. */
  private followMetadata(metadataHead: StreamHead, event: FrameEventIn, recordedAtMs: number): void {
    const head = this.heads.of(streamOfMetadata(metadataHead.name));
    const retention = metadataOfRecord(event.bytes);
    const deletes = isSoftDeleted(retention);
    const wasDeleted = head.softDeleted;
    this.heads.metadataWritten(head, this.lastPosition, deletes);
    if (wasDeleted && !deletes && (retention.truncateBefore ?? 0) <= head.revision) {
      this.writeMetadata(head, withTruncateBefore(dataTextOf(event.bytes), head.revision + 1), recordedAtMs);
    }
  }

  private writeMetadata(head: StreamHead, text: string, recordedAtMs: number): void {
    const metadataHead = this.heads.of(metadataStreamOf(head.name));
    this.write(metadataHead, systemEvent(METADATA_TYPE, text, recordedAtMs), metadataHead.revision + 1);
    this.heads.metadataWritten(head, this.lastPosition, isSoftDeleted(parseRetention(text)));
  }

  private metadataTextOf(head: StreamHead): string {
    const metadataHead = this.heads.of(metadataStreamOf(head.name));
    const position = this.heads.positionOf(metadataHead, metadataHead.revision);
    return position === undefined ? '{}' : dataTextOf(this.heads.recordAt(position));
  }
}

function refusalCode(verdict: Exclude<Verdict, { kind: 'write' | 'replayed' }>): number {
  switch (verdict.kind) {
    case 'conflict':
      return OUTCOME_CONFLICT;
    case 'tombstoned':
      return OUTCOME_TOMBSTONED;
    case 'deleted':
      return OUTCOME_DELETED;
    default:
      return verdict satisfies never;
  }
}

function systemEvent(type: string, text: string, recordedAtMs: number): FrameEventIn {
  const frame = new AppendFrameWriter(new ArrayBuffer(1024));
  const event = { id: randomUUID(), type, contentType: 'json' as const, data: text, metadata: '' };
  frame.add(
    KIND_APPEND,
    { stream: type, expected: 'any', events: [event] },
    recordedAtMs,
    Number.MAX_SAFE_INTEGER,
  );
  for (const request of readAppendFrame(frame.finish(recordedAtMs))) return request.events[0]!;
  throw new Error('An empty frame was read back.');
}
