interface Waiting {
  begin(): void;
}

/** At most so many at once, and so many in line; more are refused. */
export class InFlightLimit {
  readonly #line = new Set<Waiting>();
  #inFlight = 0;

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws Error when the line is full, or the signal's reason when it aborts before the turn comes; `work` has not begun then */
  async run<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    if (this.#inFlight >= this.most) await this.#turn(signal);
    else this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#line.size >= this.mostWaiting) throw new Error('too many requests wait for their turn');
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#line.delete(waiting);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#line.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** The place goes over to the next in line, or becomes free. */
  #next(): void {
    const [first] = this.#line;
    if (!first) {
      this.#inFlight -= 1;
      return;
    }
    this.#line.delete(first);
    first.begin();
  }
}
