import type { Position, RecordedEvent } from '#libs/event-log/port/index.js';

interface Entry {
  readonly event: RecordedEvent;
  readonly react: () => Promise<void>;
  done: boolean;
}

/**
 * Reactions in the order of the log: at most `concurrency` at once, those of one stream one after the other. What is done is
 * known as the position before which nothing is left over.
 */
export class ReactionQueue {
  /** Oldest first; done ones stay until everything before them is done. */
  readonly #entries: Entry[] = [];
  #next = 0;
  #running = 0;
  readonly #busyStreams = new Set<string>();
  readonly #delayed: Entry[] = [];
  #stopped = false;
  #wake: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    /** Called when everything up to the position is done. */
    private readonly doneUpTo: (position: Position, count: number) => void,
  ) {}

  /** Events waiting or under way. */
  get size(): number {
    return this.#entries.length;
  }

  get oldest(): RecordedEvent | undefined {
    return this.#entries[0]?.event;
  }

  push(event: RecordedEvent, react: () => Promise<void>): void {
    this.#entries.push({ event, react, done: false });
    this.#startMore();
  }

  /** Starts no more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#running > 0) await this.#changed();
  }

  /** Resolves when at most `size` are left, or at once when stopped. */
  async shrunkTo(size: number): Promise<void> {
    while (this.size > size && !this.#stopped) await this.#changed();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #startMore(): void {
    while (!this.#stopped && this.#running < this.concurrency) {
      const entry = this.#take();
      if (!entry) return;
      this.#running += 1;
      this.#busyStreams.add(entry.event.stream);
      void this.#run(entry);
    }
  }

  #take(): Entry | undefined {
    const ready = this.#delayed.findIndex(({ event }) => !this.#busyStreams.has(event.stream));
    if (ready >= 0) return this.#delayed.splice(ready, 1)[0];
    // Looking past blocked streams is bounded, so that one stream's crowd is not walked through again and again.
    while (this.#next < this.#entries.length && this.#delayed.length < this.concurrency * 4) {
      const entry = this.#entries[this.#next]!;
      this.#next += 1;
      const isBlocked = this.#busyStreams.has(entry.event.stream) || this.#isDelayed(entry.event.stream);
      if (!isBlocked) return entry;
      this.#delayed.push(entry);
    }
    return undefined;
  }

  #isDelayed(stream: string): boolean {
    return this.#delayed.some(({ event }) => event.stream === stream);
  }

  async #run(entry: Entry): Promise<void> {
    try {
      await entry.react();
      entry.done = true;
    } catch {
      // Given up because the program stops: not done, so the checkpoint stays before it.
    }
    this.#running -= 1;
    this.#busyStreams.delete(entry.event.stream);
    if (entry.done) this.#advance();
    this.#startMore();
    for (const wake of this.#wake.splice(0)) wake();
  }

  #advance(): void {
    let count = 0;
    while (this.#entries[count]?.done) count += 1;
    if (count === 0) return;
    const last = this.#entries[count - 1]!;
    this.#entries.splice(0, count);
    this.#next -= count;
    this.doneUpTo(last.event.position, count);
  }
}
