/** Onboarding, billing and payments as a program runs them, on a log in memory and views in a temporary file. */
import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus, type Command, type Query } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets } from '#libs/billing/codec/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import { createConsumers, type Consumers } from '#libs/event-log/consumers/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import { PaymentFinisher, paymentsApplication } from '#libs/payments/application/index.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { paymentsProjections, paymentsQueries } from '#libs/payments/read-model/index.js';
import { CONSUMERS, DECIDER_STORE, DEMO_MONEY, RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { temporaryFolder } from './temporary-folder.js';

export interface ProductWorld extends AsyncDisposable {
  readonly log: EventLog;
  readonly store: CachingDeciderStore;
  readonly subjectKeys: SubjectKeys;
  readonly consumers: Consumers;
  readonly views: Views;
  readonly runtime: Runtime;
  readonly finisher: PaymentFinisher;
  execute<Result>(command: Command<Result>): Promise<Result>;
  /** Once every view has caught up with what was written before. */
  query<Result>(query: Query<Result>): Promise<Result>;
}

interface Options {
  /** Default: an empty log in memory. */
  readonly log?: EventLog;
  readonly demoMoney?: boolean;
  /** Wraps the log that the write side uses. */
  readonly writeTo?: (log: EventLog) => EventLog;
}

export async function productWorld(options: Options = {}): Promise<ProductWorld> {
  const folder = temporaryFolder();
  const runtime = systemRuntime();
  const log = options.log ?? new MemoryEventLog();
  const subjectKeys = memorySubjectKeys(runtime.rng);
  const sets = [...onboardingEventSets, ...billingEventSets, ...paymentsEventSets, ...privacyEventSets];
  const schemas = loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
  const catalogue = buildCatalogue(sets, { schemas, rng: runtime.rng, checks: true });
  const views = SqliteViews.open({ file: folder.file('views.sqlite') });
  const writeLog = options.writeTo?.(log) ?? log;
  const store = createDeciderStore({ log: writeLog, catalogue, subjectKeys, runtime });
  const consumers = createConsumers({ log, catalogue, views, subjectKeys, runtime });
  for (const projection of [...onboardingProjections, ...billingProjections, ...paymentsProjections]) {
    consumers.addProjection(projection);
  }
  await consumers.start();
  const ports = [
    { provide: RUNTIME, useValue: runtime },
    { provide: DECIDER_STORE, useValue: store },
    { provide: CONSUMERS, useValue: consumers },
    { provide: VIEWS, useValue: views },
    { provide: DEMO_MONEY, useValue: options.demoMoney ?? true },
  ];
  const app = await Test.createTestingModule({ imports: [ContextsModule.over(ports)] }).compile();
  await app.init();
  const commands = app.get(CommandBus, { strict: false });
  const queries = app.get(QueryBus, { strict: false });
  return {
    log,
    store,
    subjectKeys,
    consumers,
    views,
    runtime,
    finisher: app.get(PaymentFinisher, { strict: false }),
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
class ContextsModule {
  static over(ports: NonNullable<DynamicModule['providers']>): DynamicModule {
    return {
      module: ContextsModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        ...ports,
        ...onboardingApplication,
        ...onboardingQueries,
        ...billingApplication,
        ...billingQueries,
        ...paymentsApplication,
        ...paymentsQueries,
      ],
    };
  }
}
