/** Some contexts as a program runs them, on a log in memory and views in a temporary file, with a clock to be set. */
import 'reflect-metadata';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus, type Command, type Query } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import { createConsumers, type Consumers } from '#libs/event-log/consumers/index.js';
import type { ProcessManager, Projection } from '#libs/event-log/consumers/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, DECIDER_STORE, EVENT_LOG, RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { temporaryFolder } from './temporary-folder.js';

export interface WorldParts {
  readonly events: readonly EventSet[];
  readonly projections: readonly Projection[];
  readonly providers: readonly Provider[];
  readonly managers?: readonly Type<ProcessManager>[];
  /** Default: one in memory. Whoever hands one in closes it. */
  readonly log?: EventLog;
}

export interface ContextWorld extends AsyncDisposable {
  readonly log: EventLog;
  readonly store: CachingDeciderStore;
  readonly subjectKeys: SubjectKeys;
  readonly consumers: Consumers;
  readonly views: Views;
  now(): Instant;
  /** Lets business time pass. */
  pass(durationMs: number): void;
  part<Part>(token: symbol | Type<Part>): Part;
  execute<Result>(command: Command<Result>): Promise<Result>;
  /** Once every view and process manager has caught up with what was written before. */
  query<Result>(query: Query<Result>): Promise<Result>;
}

export async function contextWorld(parts: WorldParts): Promise<ContextWorld> {
  const folder = temporaryFolder();
  const system = systemRuntime();
  let now = parseInstant('2026-09-01T08:00:00.000Z');
  const clock = { now: () => now, monotonicMs: () => system.clock.monotonicMs() };
  const runtime: Runtime = { ...system, clock };
  const log = parts.log ?? new MemoryEventLog();
  const subjectKeys = memorySubjectKeys(runtime.rng);
  const schemas = loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
  const catalogue = buildCatalogue(parts.events, { schemas, rng: runtime.rng, checks: true });
  const views = SqliteViews.open({ file: folder.file('views.sqlite') });
  const store = createDeciderStore({ log, catalogue, subjectKeys, runtime });
  const consumers = createConsumers({ log, catalogue, views, subjectKeys, runtime });
  for (const projection of parts.projections) consumers.addProjection(projection);
  const ports = [
    { provide: RUNTIME, useValue: runtime },
    { provide: DECIDER_STORE, useValue: store },
    { provide: CONSUMERS, useValue: consumers },
    { provide: VIEWS, useValue: views },
    { provide: EVENT_LOG, useValue: log },
  ];
  const module = PartsModule.of([...ports, ...parts.providers]);
  const app = await Test.createTestingModule({ imports: [module] }).compile();
  for (const manager of parts.managers ?? []) {
    consumers.addProcessManager(app.get(manager, { strict: false }));
  }
  await consumers.start();
  await app.init();
  const commands = app.get(CommandBus, { strict: false });
  const queries = app.get(QueryBus, { strict: false });
  return {
    log,
    store,
    subjectKeys,
    consumers,
    views,
    now: () => now,
    pass: (durationMs) => void (now = addMs(now, durationMs)),
    part: (token) => app.get(token, { strict: false }),
    execute: (command) => commands.execute(command),
    async query(query) {
      await consumers.caughtUp();
      return queries.execute(query);
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await consumers.stop();
      await views.close();
      folder[Symbol.dispose]();
    },
  };
}

@Module({})
class PartsModule {
  static of(providers: readonly Provider[]): DynamicModule {
    return { module: PartsModule, imports: [CqrsModule.forRoot()], providers: [...providers] };
  }
}
