/** Where a stream ends, for certain or as soon as what is pending is durable: the next command is decided on this. */
export interface StreamEnd {
  readonly state: unknown;
  /** Of the last event; -1 for none. */
  readonly revision: number;
  readonly lastHash: string;
}

type Fate = 'open' | 'durable' | 'discarded';

/** An append that the log has been handed and not yet answered, and where the stream ends with it. */
export class PendingAppend implements StreamEnd {
  #fate: Fate = 'open';
  #heard: ((durable: boolean) => void)[] = [];

  constructor(
    readonly command: { readonly id: string; readonly events: number },
    readonly state: unknown,
    readonly revision: number,
    readonly lastHash: string,
  ) {}

  /** `durable` only when everything below it is, too; `discarded` when it, or something below it, was not stored for certain. */
  get fate(): Fate {
    return this.#fate;
  }

  settle(fate: Exclude<Fate, 'open'>): void {
    this.#fate = fate;
    for (const hear of this.#heard.splice(0)) hear(fate === 'durable');
  }

  /** Whether it has become durable. */
  becameDurable(): Promise<boolean> {
    if (this.#fate !== 'open') return Promise.resolve(this.#fate === 'durable');
    return new Promise((resolve) => this.#heard.push(resolve));
  }
}
