import type { RecordedEvent } from '#libs/event-log/port/index.js';
import type { RawEvent } from './engine-api.js';
import {
  AT_FLAGS,
  AT_ID,
  AT_METADATA_LENGTH,
  AT_POSITION,
  AT_RECORDED,
  AT_REVISION,
  FLAG_JSON,
  RECORD_HEADER_BYTES,
  readUuid,
} from './event-record.js';
import { INDEX_NUMBERS, type PageFrame } from './protocol.js';

/** What the events of a page share. */
interface Page {
  readonly frame: PageFrame;
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** An event inside its page's buffer; fields are taken out when asked for. The reading worker has verified the record. */
export class PageEvent implements RawEvent {
  /** The event as the port gives it, once somebody asked: subscribers at the end of the log share it. */
  recorded: RecordedEvent | undefined;
  private readonly at: number;

  constructor(
    private readonly page: Page,
    /** Where its numbers begin in the frame's index. */
    private readonly entry: number,
  ) {
    this.at = page.frame.index[entry + 2]!;
  }

  get stream(): string {
    return this.page.frame.streams[this.page.frame.index[this.entry]!]!;
  }
  get type(): string {
    return this.page.frame.types[this.page.frame.index[this.entry + 1]!]!;
  }
  get id(): string {
    return readUuid(this.page.bytes, this.at + AT_ID);
  }
  get revision(): number {
    return this.page.view.getFloat64(this.at + AT_REVISION, true);
  }
  get position(): number {
    return this.page.view.getFloat64(this.at + AT_POSITION, true);
  }
  get recordedAtMs(): number {
    return this.page.view.getFloat64(this.at + AT_RECORDED, true);
  }
  get contentType(): 'json' | 'binary' {
    return (this.page.view.getUint8(this.at + AT_FLAGS) & FLAG_JSON) === 0 ? 'binary' : 'json';
  }
  get metadata(): Uint8Array {
    return this.page.bytes.subarray(this.at + RECORD_HEADER_BYTES, this.dataAt);
  }
  get data(): Uint8Array {
    return this.page.bytes.subarray(this.dataAt, this.end);
  }

  /** Of the stored record, header included. */
  get sizeBytes(): number {
    return this.end - this.at;
  }

  metadataText(): string {
    return this.page.bytes.toString('utf8', this.at + RECORD_HEADER_BYTES, this.dataAt);
  }
  dataText(): string {
    return this.page.bytes.toString('utf8', this.dataAt, this.end);
  }

  private get dataAt(): number {
    return this.at + RECORD_HEADER_BYTES + this.page.view.getUint32(this.at + AT_METADATA_LENGTH, true);
  }
  private get end(): number {
    return this.at + this.page.frame.index[this.entry + 3]!;
  }
}

export function eventsOf(frame: PageFrame): PageEvent[] {
  const page: Page = { frame, bytes: Buffer.from(frame.records), view: new DataView(frame.records) };
  const events: PageEvent[] = [];
  for (let entry = 0; entry < frame.index.length; entry += INDEX_NUMBERS)
    events.push(new PageEvent(page, entry));
  return events;
}
