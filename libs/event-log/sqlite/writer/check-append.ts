import { EXPECT_ANY, EXPECT_NO_STREAM, EXPECT_STREAM_EXISTS, type FrameRequest } from '../append-frame.js';
import { TOMBSTONE_REVISION } from '../engine-api.js';
import { AT_ID } from '../event-record.js';
import { GenerationCache } from '../generation-cache.js';
import { isMetadataStream, metadataStreamOf, streamOfMetadata } from '../stream-metadata.js';
import type { StreamHead, StreamHeads } from './stream-heads.js';

export type Verdict =
  | { readonly kind: 'write' }
  | { readonly kind: 'replayed'; readonly revision: number; readonly position: number }
  | { readonly kind: 'conflict'; readonly actual: number }
  | { readonly kind: 'tombstoned' }
  | { readonly kind: 'deleted' };

/** Ids remembered for retries without an explicit revision; about 150 bytes each. */
const REMEMBERED_IDS = 32_768;

interface StoredPlace {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

/**
 * Decides on an append as EventStoreDB does. With an explicit revision a retry is recognised for ever, by comparing the
 * ids right behind that revision in the stream; so no index over all ids is needed, whose random inserts would cost more
 * than everything else together. Without one (`any`, `stream-exists`) only the ids written lately are known.
 */
export class AppendCheck {
  private readonly lately = new GenerationCache<string, StoredPlace>(REMEMBERED_IDS);

  constructor(private readonly heads: StreamHeads) {}

  verdictOn(head: StreamHead, request: FrameRequest): Verdict {
    if (head.revision === TOMBSTONE_REVISION || this.ownerIsTombstoned(head)) return { kind: 'tombstoned' };
    if (request.expected === EXPECT_STREAM_EXISTS) {
      if (head.softDeleted) return { kind: 'deleted' };
      // EventStoreDB counts a stream that has only metadata as existing.
      if (head.revision < 0 && this.heads.of(metadataStreamOf(head.name)).revision < 0)
        return conflictAt(head);
    }
    if (request.expected === EXPECT_ANY || request.expected === EXPECT_STREAM_EXISTS)
      return this.withoutRevision(head, request);
    if (request.expected > head.revision) return conflictAt(head);
    if (request.expected === head.revision) return { kind: 'write' };
    return this.behindHead(head, request);
  }

  /** Remembers what was written without an explicit revision. */
  written(request: FrameRequest, firstRevision: number, firstPosition: number): void {
    if (request.expected !== EXPECT_ANY && request.expected !== EXPECT_STREAM_EXISTS) return;
    request.events.forEach((event, index) => {
      const place = {
        stream: request.stream,
        revision: firstRevision + index,
        position: firstPosition + index,
      };
      this.lately.set(idOf(event.bytes), place);
    });
  }

  private ownerIsTombstoned(head: StreamHead): boolean {
    return (
      isMetadataStream(head.name) &&
      this.heads.of(streamOfMetadata(head.name)).revision === TOMBSTONE_REVISION
    );
  }

  private withoutRevision(head: StreamHead, request: FrameRequest): Verdict {
    let last: StoredPlace | undefined;
    for (const [index, event] of request.events.entries()) {
      const found = this.lately.get(idOf(event.bytes));
      if (!found || found.stream !== head.name) return index === 0 ? { kind: 'write' } : conflictAt(head);
      last = found;
    }
    return last ? { kind: 'replayed', revision: last.revision, position: last.position } : { kind: 'write' };
  }

  private behindHead(head: StreamHead, request: FrameRequest): Verdict {
    let position = 0;
    for (const [index, event] of request.events.entries()) {
      const stored = this.heads.positionOf(head, request.expected + 1 + index);
      if (stored === undefined || idOf(this.heads.recordAt(stored)) !== idOf(event.bytes)) {
        const recreates = index === 0 && request.expected === EXPECT_NO_STREAM && head.softDeleted;
        return recreates ? { kind: 'write' } : conflictAt(head);
      }
      position = stored;
    }
    if (request.events.length > 0) {
      return { kind: 'replayed', revision: request.expected + request.events.length, position };
    }
    return request.expected === EXPECT_NO_STREAM && head.softDeleted ? { kind: 'write' } : conflictAt(head);
  }
}

function conflictAt(head: StreamHead): Verdict {
  return { kind: 'conflict', actual: head.revision };
}

function idOf(record: Uint8Array): string {
  return Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString(
    'latin1',
    AT_ID,
    AT_ID + 16,
  );
}
