import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { Timers } from '#libs/runtime/port/index.js';

/** Changed things that one subscription may owe its client; past it the oldest are dropped and the client's next query tells. */
const MAX_PENDING = 1_000;

/** Which projection's commit makes a category's changes readable. */
export type LiveSources = Readonly<Record<string, string>>;

export interface WatchOptions {
  /** Shortest time between two answers, milliseconds. */
  readonly pauseMs: number;
}

interface Watcher {
  signal(id: string): void;
}

/** `bill:<id>` for one stream, `bill@<organisation>` for a category within an organisation. */
export type Topic = `${string}:${string}` | `${string}@${string}`;

/**
 * Tells subscriptions which streams changed, after the projection that shows the change has committed. Carries ids only:
 * what a client sees is asked of the context, as that client.
 */
export class LiveSignals {
  readonly #watchers = new Map<Topic, Set<Watcher>>();
  readonly #stop: () => void;

  constructor(
    consumers: Pick<Consumers, 'onApplied'>,
    private readonly sources: LiveSources,
    private readonly timers: Timers,
  ) {
    this.#stop = consumers.onApplied((projection, events) => this.#applied(projection, events));
  }

  close(): void {
    this.#stop();
  }

  get watching(): number {
    let count = 0;
    for (const watchers of this.#watchers.values()) count += watchers.size;
    return count;
  }

  /** Ids of changed streams, each at most once per pause however often it changed; endless until returned. */
  watch(topic: Topic, options: WatchOptions): AsyncGenerator<string, void, void> {
    const pending = new Set<string>();
    let wake: (() => void) | undefined;
    const watcher: Watcher = {
      signal(id) {
        pending.delete(id);
        pending.add(id);
        if (pending.size > MAX_PENDING) pending.delete(pending.values().next().value ?? '');
        wake?.();
      },
    };
    // At once, not at the first read: what happens between subscribing and reading must not be missed.
    this.#add(topic, watcher);
    const aborted = new AbortController();
    const changes = this.#changes(
      pending,
      () => new Promise<void>((resolve) => (wake = resolve)),
      options,
      aborted.signal,
    );
    const end = (): void => {
      this.#remove(topic, watcher);
      aborted.abort(new Error('unsubscribed'));
      wake?.();
    };
    return endingWith(changes, end);
  }

  async *#changes(
    pending: Set<string>,
    woken: () => Promise<void>,
    { pauseMs }: WatchOptions,
    signal: AbortSignal,
  ): AsyncGenerator<string, void, void> {
    while (!signal.aborted) {
      if (pending.size === 0) await woken();
      // As they are now: what changes while it is being answered waits for the end of the pause.
      const changed = [...pending];
      for (const id of changed) {
        if (signal.aborted) return;
        if (pending.delete(id)) yield id;
      }
      if (pauseMs > 0) await this.timers.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  #applied(projection: string, events: readonly DecodedEvent[]): void {
    if (this.#watchers.size === 0) return;
    for (const { stream, metadata } of events) {
      const dash = stream.indexOf('-');
      const category = stream.slice(0, dash);
      if (this.sources[category] !== projection) continue;
      const id = stream.slice(dash + 1);
      this.#signal(`${category}:${id}`, id);
      if (metadata.organisation) this.#signal(`${category}@${metadata.organisation}`, id);
    }
  }

  #signal(topic: Topic, id: string): void {
    for (const watcher of this.#watchers.get(topic) ?? []) watcher.signal(id);
  }

  #add(topic: Topic, watcher: Watcher): void {
    const watchers = this.#watchers.get(topic);
    if (watchers) watchers.add(watcher);
    else this.#watchers.set(topic, new Set([watcher]));
  }

  #remove(topic: Topic, watcher: Watcher): void {
    const watchers = this.#watchers.get(topic);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(topic);
  }
}

/** `return` on a generator that waits is heard only when the wait is over; this one ends the wait as well. */
export function endingWith<Item>(
  source: AsyncGenerator<Item, void, void>,
  end: () => void,
): AsyncGenerator<Item, void, void> {
  const stop = (): Promise<IteratorResult<Item, void>> => {
    end();
    return source.return();
  };
  return {
    next: () => source.next(),
    return: stop,
    throw: stop,
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}
