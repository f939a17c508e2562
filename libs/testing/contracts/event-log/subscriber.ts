import type {
  EventLog,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '#libs/event-log/port/index.js';

/** Longest a case waits for a message; a server far away may need a part of it. */
const PATIENCE_MS = 10_000;

/** Runs a subscription in the background and lets a case wait for what it has seen. */
export class Subscriber {
  readonly messages: SubscriptionMessage[] = [];
  private readonly controller = new AbortController();
  private readonly finished: Promise<void>;
  private changed: () => void = () => undefined;
  private ended = false;

  constructor(
    log: EventLog,
    options: Omit<SubscribeOptions, 'signal'>,
    /** Called after each message; what it returns is awaited before the next is asked for. */
    private readonly pace: () => Promise<void> | void = () => undefined,
  ) {
    this.finished = this.run(log.subscribe({ ...options, signal: this.controller.signal }));
    this.finished.catch(() => undefined);
  }

  get events(): RecordedEvent[] {
    return this.messages.flatMap((message) => (message.kind === 'events' ? [...message.events] : []));
  }

  count(kind: SubscriptionMessage['kind']): number {
    return this.messages.filter((message) => message.kind === kind).length;
  }

  /** @throws when it has not come true in time, naming what was awaited */
  async until(what: string, condition: (subscriber: Subscriber) => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition(this)) {
      if (this.ended) await this.finished; // rethrows what ended it
      const left = deadline - Date.now();
      if (this.ended || left <= 0) {
        const seen = this.messages.map(({ kind }) => kind).join(' ');
        throw new Error(
          `${this.ended ? 'The subscription ended' : 'Time ran out'} before: ${what}. Seen: ${seen}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 1_000));
        this.changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  caughtUp(times = 1): Promise<void> {
    return this.until(`caught up ${times} times`, (seen) => seen.count('caught-up') >= times);
  }

  received(count: number): Promise<void> {
    return this.until(`${count} events`, (seen) => seen.events.length >= count);
  }

  /** Aborts, and resolves when the iteration has finished; rejects when it finished with an error. */
  async stop(): Promise<void> {
    this.controller.abort();
    await this.finished;
  }

  /** Resolves when the iteration ends by itself. */
  end(): Promise<void> {
    return this.finished;
  }

  private async run(subscription: AsyncIterable<SubscriptionMessage>): Promise<void> {
    try {
      for await (const message of subscription) {
        this.messages.push(message);
        this.changed();
        await this.pace();
      }
    } finally {
      this.ended = true;
      this.changed();
    }
  }
}
