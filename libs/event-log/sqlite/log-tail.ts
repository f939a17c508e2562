import type { AllPage, AllReadRequest, RawFilter } from './engine-api.js';
import { nameTestsOf, type NameTests } from './name-tests.js';
import type { PageEvent } from './page-events.js';

/** Events kept, and their bytes; a reader further behind reads from the file. */
const KEPT_EVENTS = 4_096;
const KEPT_BYTES = 16 * 1_048_576;
const PAGE_EVENTS = 1_000;

export interface TailSource {
  lastPosition(): number;
  /** Events from a position on, without a gap; at least one when the position is not past the end. */
  read(from: number, limit: number): Promise<readonly PageEvent[]>;
}

/**
 * The newest events, shared by all who follow the log: each is read, verified and decoded once, however many projections
 * and process managers wait for it. Without this every group commit would cost a read per subscriber.
 */
export class LogTail {
  /** Without a gap, oldest first. */
  private events: PageEvent[] = [];
  private bytes = 0;
  private filling: Promise<void> | undefined;
  private readonly compiled = new WeakMap<RawFilter, NameTests>();

  constructor(private readonly source: TailSource) {}

  /** The page asked for, or undefined when the file has to be read for it. */
  async page(request: AllReadRequest): Promise<AllPage | undefined> {
    const { from } = request;
    if (typeof from !== 'number' || !this.isForTail(request, from)) return undefined;
    while (!this.holds(from)) {
      if (from < this.first()) return undefined;
      this.filling ??= this.fill(from).finally(() => (this.filling = undefined));
      await this.filling;
    }
    return this.pick(request, from);
  }

  /** Regular expressions stay in the worker: one that takes for ever must not stop the calling thread. */
  private isForTail({ direction, filter }: AllReadRequest, from: number): boolean {
    const last = this.source.lastPosition();
    const isNearEnd = from <= last && from > last - KEPT_EVENTS / 2;
    return direction === 'forwards' && isNearEnd && !filter?.streamRegex && !filter?.typeRegex;
  }

  private async fill(from: number): Promise<void> {
    const continues = this.events.length > 0 && from - this.end() < PAGE_EVENTS;
    const page = await this.source.read(continues ? this.end() : from, PAGE_EVENTS);
    if (!continues) {
      this.events = [];
      this.bytes = 0;
    }
    this.events.push(...page);
    for (const event of page) this.bytes += event.sizeBytes;
    this.trim();
  }

  /** Drops the older half at once, so that trimming costs next to nothing per event. */
  private trim(): void {
    while (this.events.length > KEPT_EVENTS || (this.bytes > KEPT_BYTES && this.events.length > 1)) {
      const dropped = this.events.splice(0, Math.ceil(this.events.length / 2));
      for (const event of dropped) this.bytes -= event.sizeBytes;
    }
  }

  private pick(request: AllReadRequest, from: number): AllPage {
    const { limit = PAGE_EVENTS, scanLimit = Infinity, maxBytes = Infinity } = request;
    const tests = request.filter && this.testsOf(request.filter);
    const events: PageEvent[] = [];
    const end = Math.min(this.end(), from + scanLimit);
    let bytes = 0;
    for (let next = from; next < end; next += 1) {
      const event = this.events[next - this.first()]!;
      if (tests && !passes(tests, event)) continue;
      bytes += event.sizeBytes;
      if (events.length >= limit || (events.length > 0 && bytes > maxBytes)) return this.pageOf(events, next);
      events.push(event);
    }
    return this.pageOf(events, end);
  }

  private pageOf(events: readonly PageEvent[], next: number): AllPage {
    return { events, scannedTo: next - 1, next: next > this.source.lastPosition() ? undefined : next };
  }

  private testsOf(filter: RawFilter): NameTests {
    let tests = this.compiled.get(filter);
    if (!tests) this.compiled.set(filter, (tests = nameTestsOf(filter)));
    return tests;
  }

  private holds(position: number): boolean {
    return position >= this.first() && position < this.end();
  }

  private first(): number {
    return this.events[0]?.position ?? 0;
  }

  /** The position behind the last event held. */
  private end(): number {
    return this.first() + this.events.length;
  }
}

function passes({ streams, types }: NameTests, event: PageEvent): boolean {
  return types.every((test) => test(event.type)) && streams.every((test) => test(event.stream));
}
