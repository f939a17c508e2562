import type { EventFilter, EventLog, Position } from '#libs/event-log/port/index.js';
import { comparePositions } from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import type { Catalogue } from '../codec/catalogue.js';
import type { DecodedEvent } from '../codec/types.js';
import { DEAD_LETTERS_OWNER, DeadLetters } from './dead-letters.js';
import { Feed } from './feed.js';
import type { Member } from './member.js';
import { Pace } from './pace.js';
import { ProcessRunner } from './process-runner.js';
import { ProjectionRunner, type RunnerParts } from './projection-runner.js';
import {
  type Consumers,
  type ConsumerStatus,
  type ProcessManager,
  type Projection,
  ProjectionLagging,
} from './types.js';
import { Waiting } from './waiting.js';

export interface ConsumersDependencies {
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly views: Views;
  readonly subjectKeys: SubjectKeys;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  /**
   * Which streams there are for this program. A service that does not know the events of other contexts must leave their
   * streams out, because an unknown event type stops its consumers.
   */
  readonly streamPrefixes?: readonly string[];
  /** Faults of consumers, for the log: retried, put aside, or the end of that consumer (then its status says so). */
  readonly report?: (consumer: string, error: unknown) => void;
}

type Applied = (projection: string, events: readonly DecodedEvent[]) => void;

export function createConsumers(dependencies: ConsumersDependencies): Consumers {
  return new LogConsumers(dependencies);
}

class LogConsumers implements Consumers {
  readonly #projections = new Map<string, ProjectionRunner>();
  readonly #managers = new Map<string, ProcessRunner>();
  readonly #listeners = new Set<Applied>();
  readonly #controller = new AbortController();
  readonly #waiting: Waiting;
  readonly #deadLetters: DeadLetters;
  readonly #parts: RunnerParts;
  readonly #feed: Feed;
  #started = false;

  constructor(private readonly dependencies: ConsumersDependencies) {
    const { log, catalogue, views, subjectKeys, runtime, streamPrefixes } = dependencies;
    const report = dependencies.report ?? (() => undefined);
    const filter: EventFilter | undefined = streamPrefixes && { streamPrefixes };
    const pace = new Pace(runtime, () => this.#waiting.isAwaited);
    this.#waiting = new Waiting(runtime.timers, () => pace.hurry());
    this.#deadLetters = new DeadLetters(views, catalogue, runtime.clock);
    this.#feed = new Feed({ log, catalogue, subjectKeys, runtime, filter, report }, pace);
    const { signal } = this.#controller;
    const moved = (): void => this.#waiting.moved();
    this.#parts = { views, catalogue, deadLetters: this.#deadLetters, runtime, report, signal, moved };
  }

  addProjection(projection: Projection): void {
    this.#assertNew(projection.name);
    const applied = (events: readonly DecodedEvent[]): void => {
      for (const listener of this.#listeners) {
        try {
          listener(projection.name, events);
        } catch (error) {
          // A live update is a courtesy; whoever breaks must not stop the view.
          this.#parts.report(projection.name, error);
        }
      }
    };
    this.#projections.set(projection.name, new ProjectionRunner(this.#parts, projection, applied));
  }

  addProcessManager(manager: ProcessManager): void {
    this.#assertNew(manager.name);
    this.#managers.set(manager.name, new ProcessRunner(this.#parts, manager));
  }

  async start(): Promise<void> {
    this.#started = true;
    await this.#deadLetters.define();
    const counts = await this.#deadLetters.counts();
    const members = [...this.#projections.values(), ...this.#managers.values()];
    for (const member of members) await member.define(counts.get(member.name) ?? 0);
    // The common subscription starts where most of a clean stop left off: at the furthest checkpoint.
    this.#feed.start(members, furthest(members));
  }

  waitFor(position: Position, timeoutMs: number): Promise<void> {
    return this.#waiting.until([...this.#projections.values()], position, timeoutMs);
  }

  async caughtUp(): Promise<void> {
    const { streamPrefixes, log } = this.dependencies;
    // Not `lastPosition`: the last event of all may be one that is never delivered (a system stream, another prefix).
    for await (const [last] of log.readAll({
      direction: 'backwards',
      limit: 1,
      filter: { streamPrefixes },
    })) {
      await this.#waiting.until(this.#members(), last!.position);
    }
  }

  status(): readonly ConsumerStatus[] {
    return this.#members().map((member) => member.status());
  }

  async rebuild(projection: string): Promise<void> {
    const runner = this.#projections.get(projection);
    if (!runner) throw new TypeError(`There is no projection ${projection}.`);
    await this.#feed.remove(runner);
    await runner.reset();
    this.#feed.readAlone(runner);
    await this.#waiting.untilStatus([runner], (member) => member.status().caughtUp);
  }

  onApplied(listener: Applied): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#feed.stop();
    await Promise.all(this.#members().map((member) => member.settle()));
    this.#waiting.rejectAll(new ProjectionLagging('The consumers were stopped.'));
  }

  #members(): readonly Member[] {
    return [...this.#projections.values(), ...this.#managers.values()];
  }

  #assertNew(name: string): void {
    if (this.#started) throw new TypeError('Consumers are added before the start.');
    if (name === DEAD_LETTERS_OWNER || this.#projections.has(name) || this.#managers.has(name)) {
      throw new TypeError(`There is a consumer ${name} already.`);
    }
  }
}

function furthest(members: readonly Member[]): Position | undefined {
  let found: Position | undefined;
  for (const { position } of members) {
    if (position === undefined) continue;
    if (found === undefined || comparePositions(position, found) > 0) found = position;
  }
  return found;
}
