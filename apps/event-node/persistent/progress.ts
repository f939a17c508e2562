/** Something to be dealt with, in the order in which it came. */
export interface Tracked {
  /** Place in the source: revision or position. */
  readonly place: number;
  done: boolean;
}

/** How far everything is dealt with, without a gap: what a checkpoint may say. */
export class Progress {
  private readonly waiting: Tracked[] = [];
  private head = 0;
  private upTo: number | undefined;
  private settled = 0;
  private open = 0;

  track(place: number, done = false): Tracked {
    const tracked = { place, done };
    this.waiting.push(tracked);
    if (done) this.advance();
    else this.open += 1;
    return tracked;
  }

  /** Dealt with: acknowledged, skipped or parked. */
  settle(tracked: Tracked): void {
    if (tracked.done) return;
    tracked.done = true;
    this.settled += 1;
    this.open -= 1;
    this.advance();
  }

  /** The last place before the first one not dealt with; undefined while there is none. */
  get place(): number | undefined {
    return this.upTo;
  }

  /** Settled since the last call. */
  takeSettled(): number {
    const settled = this.settled;
    this.settled = 0;
    return settled;
  }

  get settledCount(): number {
    return this.settled;
  }

  get unsettled(): number {
    return this.open;
  }

  private advance(): void {
    while (this.head < this.waiting.length && this.waiting[this.head]!.done) {
      this.upTo = this.waiting[this.head]!.place;
      this.head += 1;
    }
    // Shifting one by one would copy the array each time.
    if (this.head > 1_024 && this.head * 2 > this.waiting.length) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
  }
}
