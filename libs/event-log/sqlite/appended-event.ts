import type { JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';
import type { RawAppend, RawEvent, RawEventToAppend } from './engine-api.js';
import { RECORD_HEADER_BYTES } from './event-record.js';

/**
 * An event that this process has just made durable, as it was handed in: who follows the log is given it without reading
 * the file. Whatever is asked of it is what reading it back would answer.
 */
export class AppendedEvent implements RawEvent {
  /** The event as the port gives it, once somebody asked: subscribers at the end of the log share it. */
  recorded: RecordedEvent | undefined;
  readonly stream: string;
  readonly recordedAtMs: number;

  constructor(
    private readonly source: TextEvent,
    { stream, recordedAtMs }: { readonly stream: string; readonly recordedAtMs: number },
    readonly revision: number,
    readonly position: number,
  ) {
    this.stream = stream;
    this.recordedAtMs = recordedAtMs;
  }

  get id(): string {
    return this.source.id.toLowerCase();
  }
  get type(): string {
    return this.source.type;
  }
  get contentType(): 'json' | 'binary' {
    return this.source.contentType;
  }
  get data(): Uint8Array {
    return Buffer.from(this.source.data);
  }
  get metadata(): Uint8Array {
    return Buffer.from(this.source.metadata);
  }

  /** About what it takes in memory: texts are Latin-1 or UTF-16 there. */
  get sizeBytes(): number {
    return RECORD_HEADER_BYTES + this.source.data.length + this.source.metadata.length;
  }

  /** The values that the texts were written from, where the writer left them with the event. */
  get parsed(): { readonly data: JsonObject; readonly metadata: JsonObject } | undefined {
    return this.source.contentType === 'json' ? this.source.parsed : undefined;
  }
  metadataText(): string {
    return this.source.metadata;
  }
  dataText(): string {
    return this.source.data;
  }
}

export type TextEvent = RawEventToAppend & { readonly data: string; readonly metadata: string };

/**
 * The events of an append that followers may be given as they are: texts, in a stream of the program's own. Not so bytes,
 * which belong to the buffers they came in; nor metadata streams, whose appends may store events that nobody handed in; nor
 * names and texts with half a surrogate pair, which are stored as another character.
 */
export function textEventsOf({ stream, events }: RawAppend): readonly TextEvent[] | undefined {
  if (stream.startsWith('$') || !stream.isWellFormed()) return undefined;
  return events.every(isText) ? (events as readonly TextEvent[]) : undefined;
}

function isText({ type, data, metadata, parsed }: RawEventToAppend): boolean {
  if (typeof data !== 'string' || typeof metadata !== 'string' || !type.isWellFormed()) return false;
  // JSON written by JSON.stringify escapes half pairs.
  return parsed !== undefined || (data.isWellFormed() && metadata.isWellFormed());
}
