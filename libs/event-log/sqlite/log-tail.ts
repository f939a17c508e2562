import type { AllPage, AllReadRequest, RawEvent, RawFilter } from './engine-api.js';
import { nameTestsOf, type NameTests } from './name-tests.js';

/** Events kept, and their bytes; a reader further behind reads from the file. */
const KEPT_EVENTS = 4_096;
const KEPT_BYTES = 16 * 1_048_576;
const PAGE_EVENTS = 1_000;

/** An event with what it takes in memory. */
export type TailEvent = RawEvent & { readonly sizeBytes: number };

export interface TailSource {
  lastPosition(): number;
  /** Events from a position on, without a gap; at least one when the position is not past the end. */
  read(from: number, limit: number): Promise<readonly TailEvent[]>;
}

/**
 * The newest events, shared by all who follow the log. What this process appends comes straight from the writer and costs
 * no read at all; anything else (what was stored before the start, bytes, metadata) is read from the file, each event once,
 * however many projections and process managers wait for it.
 */
export class LogTail {
  /** Without a gap, oldest first. */
  private events: TailEvent[] = [];
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

  /** Takes in what has just become durable: in order, but after a gap where something came another way. */
  append(events: readonly TailEvent[]): void {
    for (const event of events) {
      // A reading may have been faster than the writer's answer.
      if (event.position < this.end()) continue;
      if (event.position > this.end()) this.clear();
      this.push(event);
    }
    this.trim();
  }

  private async fill(from: number): Promise<void> {
    const continues = this.events.length > 0 && from - this.end() < PAGE_EVENTS;
    const page = await this.source.read(continues ? this.end() : from, PAGE_EVENTS);
    this.takeIn(page);
    this.trim();
  }

  /** What was appended while the page was on its way is newer than the page, and stays. */
  private takeIn(page: readonly TailEvent[]): void {
    const [head] = page;
    if (!head) return;
    const isBehind = head.position < this.end();
    const end = head.position + page.length;
    // Ends before the tail begins: who asked for it reads the file.
    if (isBehind && end < this.first()) return;
    const kept = isBehind ? this.events : [];
    if (isBehind || head.position > this.end()) this.clear();
    for (const event of page) if (event.position < (kept[0]?.position ?? Infinity)) this.push(event);
    for (const event of kept) this.push(event);
  }

  private push(event: TailEvent): void {
    this.events.push(event);
    this.bytes += event.sizeBytes;
  }

  private clear(): void {
    this.events = [];
    this.bytes = 0;
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
    const events: TailEvent[] = [];
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

  private pageOf(events: readonly TailEvent[], next: number): AllPage {
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

function passes({ streams, types }: NameTests, event: TailEvent): boolean {
  return types.every((test) => test(event.type)) && streams.every((test) => test(event.stream));
}
