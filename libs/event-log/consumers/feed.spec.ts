import { describe, expect, it } from '@jest/globals';
import {
  encodePosition,
  type Position,
  type RecordedEvent,
  type SubscriptionMessage,
} from '#libs/event-log/port/index.js';
import { tillWorld } from '#libs/testing/till-store.js';
import type { Batch } from './batch.js';
import { Feed } from './feed.js';
import { firstNew, type Member } from './member.js';
import { Pace } from './pace.js';

const place = (number: number): Position => encodePosition(number);

function recorded(number: number): RecordedEvent {
  return {
    id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
    type: 'TillOpened.v1',
    data: { limit: '1' },
    metadata: {},
    stream: `till-${number}`,
    revision: 0,
    position: place(number),
    recordedAt: '2026-09-01T00:00:00.000Z',
  };
}

/** A subscription whose messages come exactly when the test says so, as stale as it likes. */
class ScriptedSubscription {
  readonly #messages: SubscriptionMessage[] = [];
  #wake: () => void = () => undefined;

  send(...numbers: number[]): void {
    this.#push({ kind: 'events', events: numbers.map(recorded) });
  }

  caughtUp(): void {
    this.#push({ kind: 'caught-up' });
  }

  #push(message: SubscriptionMessage): void {
    this.#messages.push(message);
    this.#wake();
  }

  async *read(signal: AbortSignal): AsyncGenerator<SubscriptionMessage> {
    signal.addEventListener('abort', () => this.#wake());
    while (!signal.aborted) {
      const next = this.#messages.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

class Recorder implements Member {
  sharesCatchUp = true;
  done: Position | undefined;
  stopped: string | undefined;
  readonly seen: string[] = [];
  gate: Promise<void> = Promise.resolve();
  broken = false;

  constructor(
    readonly name: string,
    public position: Position | undefined,
  ) {}

  readonly batches: Batch[] = [];

  async take(batch: Batch): Promise<void> {
    this.batches.push(batch);
    await this.gate;
    if (this.broken) throw new Error('broken');
    this.seen.push(...batch.events.slice(firstNew(batch, this.position)).map(({ position }) => position));
    this.position = batch.position;
  }

  skipTo(position: Position): void {
    this.position = position;
  }

  fail(): void {}
  reachedEnd(): void {}
  keepsUp(): boolean {
    return true;
  }
  async settle(): Promise<void> {}
  status(): never {
    throw new Error('not asked here');
  }
}

describe('Feed', () => {
  it('lets a consumer join only once it has seen all that was given out, however stale its own end of the log', async () => {
    const [shared, own] = [new ScriptedSubscription(), new ScriptedSubscription()];
    const scripts = [own, shared];
    const world = tillWorld();
    const log = { subscribe: ({ signal }: { signal: AbortSignal }) => scripts.shift()!.read(signal) };
    const feed = new Feed({ ...world, log, report: () => undefined }, new Pace(world.runtime, () => true));
    const fast = new Recorder('fast', place(1));
    const joiner = new Recorder('joiner', undefined);
    feed.start([joiner, fast], place(1));
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

    shared.caughtUp();
    await settled();
    let release: () => void = () => undefined;
    fast.gate = new Promise((resolve) => (release = resolve));
    // Event 2 is being given out while the joiner, at event 1, hears that it is at the end: it was, a moment ago.
    shared.send(2);
    await settled();
    own.send(1);
    own.caughtUp();
    await settled();
    release();
    shared.send(3);
    await settled();
    expect(joiner.seen).toEqual(['1']);
    own.send(2, 3);
    await settled();
    // Joined now: from here on everything comes once, over the common subscription.
    own.send(4);
    shared.send(4);
    shared.send(5);
    await settled();
    expect(joiner.seen).toEqual(['1', '2', '3', '4', '5']);
    expect(fast.seen).toEqual(['2', '3', '4', '5']);
    await feed.stop();
  });

  it('reads once for those that are equally far behind, and lets each go its own way from there', async () => {
    const [shared, together, alone] = [
      new ScriptedSubscription(),
      new ScriptedSubscription(),
      new ScriptedSubscription(),
    ];
    // In the order of asking: the manager that may be slow, the party, the common one.
    const scripts = [alone, together, shared];
    const world = tillWorld();
    const log = { subscribe: ({ signal }: { signal: AbortSignal }) => scripts.shift()!.read(signal) };
    const feed = new Feed({ ...world, log, report: () => undefined }, new Pace(world.runtime, () => true));
    const [first, second, third] = ['first', 'second', 'third'].map((name) => new Recorder(name, undefined));
    const manager = new Recorder('manager', undefined);
    manager.sharesCatchUp = false;
    feed.start([manager, first!, second!, third!, new Recorder('ahead', place(3))], place(3));
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

    shared.caughtUp();
    together.send(1);
    together.caughtUp();
    await settled();
    expect(scripts).toEqual([]);
    expect([first, second, third].map((member) => member!.seen)).toEqual([['1'], ['1'], ['1']]);
    // One and the same batch: decoded once for all of them.
    expect(new Set([first, second, third].map((member) => member!.batches[0])).size).toBe(1);
    third!.broken = true;
    together.send(2);
    await settled();
    // Who met something it cannot go on after stands still, whatever comes.
    third!.broken = false;
    // One is taken away to start over; the other reads on and joins.
    await feed.remove(first!);
    together.send(3);
    await settled();
    shared.send(4);
    await settled();
    expect(second!.seen).toEqual(['1', '2', '3', '4']);
    expect(first!.seen).toEqual(['1', '2']);
    expect(third!.seen).toEqual(['1']);
    expect(manager.seen).toEqual([]);
    await feed.stop();
  });
});
