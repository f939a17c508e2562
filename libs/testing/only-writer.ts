import { fold } from '#libs/kernel/decider/index.js';
import {
  type CachingDeciderStore,
  CommandOverloaded,
  CommandTimedOut,
  type RunResult,
} from '#libs/event-log/runner/index.js';
import { type OrderedFault, OrderedEventLog } from './ordered-event-log.js';
import { manualRuntime } from './runtime/index.js';
import { contextOf, tillWorld } from './till-store.js';
import { till, tillDecider, type TillCommand, type TillEvent, type TillState } from './till.js';

export const openTill: TillCommand = { kind: 'open', limitFen: 100n };

type TillResult = RunResult<TillState, TillEvent, { readonly code: string }>;

/**
 * One process after the other on an ordered log: a store of the only writer, and everything that was asked of it and
 * answered. Each answer is held against what is durable at its moment.
 */
export class OnlyWriter {
  readonly runtime = manualRuntime();
  readonly ordered: OrderedEventLog;
  readonly world: ReturnType<typeof tillWorld>;
  store: CachingDeciderStore;
  /** What was wrong with answers. */
  readonly faults: string[] = [];
  readonly accepted = new Map<string, readonly unknown[]>();
  readonly sent: string[] = [];
  #unanswered = new Map<
    Promise<unknown>,
    { readonly stream: string; readonly command: TillCommand; readonly name: string }
  >();
  #acknowledged = new Map<string, number>();

  constructor(
    nextFault: () => OrderedFault,
    private readonly underWayPerStream = 64,
  ) {
    this.ordered = new OrderedEventLog(this.runtime.clock, nextFault);
    this.world = tillWorld({ log: this.ordered.inner, runtime: this.runtime });
    this.store = this.#newStore();
  }

  #newStore(): CachingDeciderStore {
    const { underWayPerStream } = this;
    return this.world.store(
      { onlyWriter: true, underWayPerStream, appendDeadlineMs: 40, queuedPerStream: 20 },
      this.ordered.connect(),
    );
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  run(stream: string, command: TillCommand, name: string, deadlineMs = 5_000): void {
    this.sent.push(name);
    const known = this.#acknowledged.get(stream) ?? 0;
    const { store } = this;
    const key = `${stream}/${name}`;
    const running: Promise<void> = store.run(till, stream, command, contextOf(key, { deadlineMs })).then(
      (result) => {
        if (store !== this.store) return;
        this.#unanswered.delete(running);
        this.#checkAnswer({ stream, command, key, known }, result);
      },
      (error: unknown) => {
        if (store !== this.store) return;
        this.#unanswered.delete(running);
        if (['CommandTimedOut', 'CommandOverloaded', 'LogOverloaded'].includes((error as Error).name)) return;
        this.faults.push(`${key}: ${String(error)}`);
      },
    );
    this.#unanswered.set(running, { stream, command, name });
  }

  load(stream: string): void {
    const known = this.#acknowledged.get(stream) ?? 0;
    const { store } = this;
    const loading: Promise<void> = store.load(till, stream).then(
      ({ state, revision }) => {
        this.#unanswered.delete(loading);
        if (store !== this.store) return;
        const durable = this.#durable(stream);
        if (revision + 1 > durable.length)
          this.faults.push(`${stream}: loaded ${revision}, which is not durable`);
        if (revision + 1 < known) this.faults.push(`${stream}: loaded ${revision}, older than acknowledged`);
        if (!same(state, foldOf(durable.slice(0, revision + 1))))
          this.faults.push(`${stream}: loaded another state`);
        this.#acknowledged.set(stream, Math.max(this.#acknowledged.get(stream) ?? 0, revision + 1));
      },
      (error: unknown) => {
        this.#unanswered.delete(loading);
        if (!(error instanceof CommandTimedOut || error instanceof CommandOverloaded))
          this.faults.push(String(error));
      },
    );
  }

  /** Whoever has no answer asks the next process again. */
  crash(): void {
    const again = [...this.#unanswered.values()];
    this.#unanswered.clear();
    this.ordered.crash();
    this.store = this.#newStore();
    for (const { stream, command, name } of again) this.run(stream, command, name);
  }

  async settle(): Promise<void> {
    for (let round = 0; this.#unanswered.size > 0; round += 1) {
      if (round > 2_000) throw new Error('Commands are never answered.');
      await this.ordered.takeUp(3);
      this.ordered.expire();
      await this.runtime.advance(5);
    }
    await this.ordered.takeUp(Infinity);
  }

  #durable(stream: string): readonly TillEvent[] {
    return this.ordered
      .stored(`till-${stream}`)
      .map(
        (event) =>
          this.world.catalogue.decode(
            { ...event, id: '', stream, revision: 0, position: '0' as never, recordedAt: '' },
            undefined,
          ).event as unknown as TillEvent,
      );
  }

  #checkAnswer(
    asked: {
      readonly stream: string;
      readonly command: TillCommand;
      readonly key: string;
      readonly known: number;
    },
    result: TillResult,
  ): void {
    const { stream, command, key, known } = asked;
    const durable = this.#durable(stream);
    const prefixes = durable.map((_, count) => foldOf(durable.slice(0, count + 1)));
    prefixes.unshift(foldOf([]));
    if (result.accepted) {
      if (result.revision + 1 > durable.length) this.faults.push(`${key}: answered before durable`);
      if (result.revision + 1 < known) this.faults.push(`${key}: answered with an old revision`);
      if (!same(prefixes[result.revision + 1], result.state)) this.faults.push(`${key}: another state`);
      this.#acknowledged.set(stream, Math.max(this.#acknowledged.get(stream) ?? 0, result.revision + 1));
      if (result.events.length === 0) return;
      const first = this.accepted.get(key);
      if (first && !same(first, result.events)) this.faults.push(`${key}: two outcomes`);
      this.accepted.set(key, result.events);
      return;
    }
    // Decided on something durable that is not older than what was acknowledged when the command came.
    const fits = prefixes.slice(known).some((state) => {
      const decision = tillDecider.decide(command, state);
      return (
        same(state, result.state) && !decision.accepted && decision.rejection.code === result.rejection.code
      );
    });
    if (!fits) this.faults.push(`${key}: refused on a state that is not durable, or old`);
  }
}

export function foldOf(events: readonly TillEvent[]): TillState {
  return fold(tillDecider, events);
}

function same(one: unknown, other: unknown): boolean {
  return text(one) === text(other);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}
