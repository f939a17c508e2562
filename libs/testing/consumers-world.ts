import { systemRuntime } from '#libs/runtime/system/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { DecodedEvent } from '#libs/event-log/codec/index.js';
import {
  type Consumers,
  createConsumers,
  type ProcessManager,
  type Projection,
} from '#libs/event-log/consumers/index.js';
import type { Position } from '#libs/event-log/port/index.js';
import type { CachingDeciderStore } from '#libs/event-log/runner/index.js';
import type { Views } from '#libs/views/port/index.js';
import { MemoryEventLog } from './memory-event-log.js';
import { temporaryViews } from './temporary-views.js';
import { contextOf, tillWorld, type TillWorld } from './till-store.js';
import { till, tillEvents, type TillCommand } from './till.js';

export const openTill: TillCommand = { kind: 'open', limitFen: 1_000_000n };
export const depositOf = (amountFen: bigint): TillCommand => ({ kind: 'deposit', amountFen, note: 'n' });

/** Tills, their log and their views, with consumers to start and stop; for specs. */
export class ConsumersWorld {
  readonly world: TillWorld;
  readonly store: CachingDeciderStore;
  readonly files = temporaryViews();
  views: Views;
  readonly faults: string[] = [];
  readonly #running: Consumers[] = [];
  #sent = 0;

  constructor() {
    const real = systemRuntime();
    // Pauses pass at once: what is tested is that they are taken, in what order, and how often.
    const sleep: Runtime['timers']['sleep'] = (ms, signal) => real.timers.sleep(Math.min(ms, 2), signal);
    const runtime: Runtime = { ...real, timers: { ...real.timers, sleep } };
    this.world = tillWorld({ runtime, log: new MemoryEventLog({ pageSize: 16 }) });
    this.store = this.world.store();
    this.views = this.files.open();
  }

  async send(id: string, command: TillCommand): Promise<Position> {
    this.#sent += 1;
    const result = await this.store.run(till, id, command, contextOf(`command ${this.#sent}`));
    if (!result.accepted) throw new Error(result.rejection.code);
    return result.position!;
  }

  async start(parts: {
    readonly projections?: readonly Projection[];
    readonly managers?: readonly ProcessManager[];
  }): Promise<Consumers> {
    const report = (name: string, error: unknown): unknown => this.faults.push(`${name}: ${String(error)}`);
    const consumers = createConsumers({ ...this.world, views: this.views, report });
    for (const projection of parts.projections ?? []) consumers.addProjection(projection);
    for (const manager of parts.managers ?? []) consumers.addProcessManager(manager);
    this.#running.push(consumers);
    await consumers.start();
    return consumers;
  }

  /** In the order of the log. */
  async deadLetters(): Promise<Record<string, unknown>[]> {
    const database = this.views.database<{ dead_letters: Record<string, unknown> }>();
    const rows = await database.selectFrom('dead_letters').selectAll().orderBy('revision').execute();
    return rows.map((row) => ({ ...row }));
  }

  async pause(): Promise<void> {
    await this.world.runtime.timers.sleep(1);
  }

  async close(): Promise<void> {
    for (const consumers of this.#running) await consumers.stop();
    await this.views.close();
    this.files.remove();
  }
}

export function tillManager(
  react: (event: DecodedEvent) => Promise<void>,
  rest: Partial<ProcessManager> = {},
): ProcessManager {
  return { name: 'manager', events: [tillEvents], react, ...rest };
}
