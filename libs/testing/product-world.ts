/** Onboarding, billing and payments as a program runs them, on a log in memory and views in a temporary file. */
import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus, type Command, type Query } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { ApprovalDecisions, approvalsApplication } from '#libs/approvals/application/index.js';
import { approvalsEventSets } from '#libs/approvals/codec/index.js';
import {
  APPROVAL_WAITERS,
  APPROVALS,
  type Approvals,
  type ApprovalWaiter,
} from '#libs/approvals/contract/index.js';
import { approvalsProjections, approvalsQueries } from '#libs/approvals/read-model/index.js';
import { BillSteps } from '#libs/billing/application/payment-steps.js';
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets, issuedBillEvents } from '#libs/billing/codec/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import { casesApplication } from '#libs/cases/application/index.js';
import { casesEventSets } from '#libs/cases/codec/index.js';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { casesProjections, casesQueries } from '#libs/cases/read-model/index.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import { createConsumers, type Consumers } from '#libs/event-log/consumers/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { rehearsalStore } from '#libs/event-log/runner/rehearsal-store.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { ledgerProjection, ledgerQueries } from '#libs/ledger/read-model/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import {
  AdvanceCarrier,
  ISSUED_BILLS,
  PaymentFinisher,
  paymentsApplication,
  REHEARSAL,
  type Rehearsal,
  TierLimitsApproved,
} from '#libs/payments/application/index.js';
import { MandateCollector } from '#libs/payments/application/mandates/index.js';
import { RefundApprovals, RefundFinisher } from '#libs/payments/application/refund/index.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { paymentsProjections, paymentsQueries } from '#libs/payments/read-model/index.js';
import {
  CONSUMERS,
  DECIDER_STORE,
  DEMO_MONEY,
  EVENT_LOG,
  IDENTITY_CHECK,
  MESSAGE_SEALS,
  RUNTIME,
  VIEWS,
} from '#libs/runtime/port/tokens.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { demoIdentityCheck } from '#libs/security/adapters/demo/demo-identity-check.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { NO_INSTITUTION } from './payment-world.js';
import { temporaryFolder } from './temporary-folder.js';

export interface ProductWorld extends AsyncDisposable {
  readonly log: EventLog;
  readonly store: CachingDeciderStore;
  readonly subjectKeys: SubjectKeys;
  readonly consumers: Consumers;
  readonly views: Views;
  readonly runtime: Runtime;
  readonly finisher: PaymentFinisher;
  readonly collector: MandateCollector;
  readonly refunds: RefundFinisher;
  readonly approvals: Approvals;
  readonly cases: Cases;
  execute<Result>(command: Command<Result>): Promise<Result>;
  /** Once every view has caught up with what was written before. */
  query<Result>(query: Query<Result>): Promise<Result>;
}

interface Options {
  /** Default: an empty log in memory. */
  readonly log?: EventLog;
  readonly demoMoney?: boolean;
  /** Whose time it is; default the machine's. */
  readonly clock?: Runtime['clock'];
  /** Wraps the log that the write side uses. */
  readonly writeTo?: (log: EventLog) => EventLog;
  /** The institution that payments, transfers and refunds ask. */
  readonly external?: ExternalChannel;
  /** Who is told of decisions on approvals. */
  readonly approvalWaiters?: readonly ApprovalWaiter[];
}

const EVENT_SETS = [
  ...onboardingEventSets,
  ...billingEventSets,
  ...paymentsEventSets,
  ...privacyEventSets,
  ...approvalsEventSets,
  ...casesEventSets,
];

const PROJECTIONS = [
  ...onboardingProjections,
  ...billingProjections,
  ...paymentsProjections,
  ...approvalsProjections,
  ...casesProjections,
  ledgerProjection(EVENT_SETS),
];

export async function productWorld(options: Options = {}): Promise<ProductWorld> {
  const folder = temporaryFolder();
  const system = systemRuntime();
  const runtime: Runtime = { ...system, clock: options.clock ?? system.clock };
  const log = options.log ?? new MemoryEventLog();
  const subjectKeys = memorySubjectKeys(runtime.rng);
  const schemas = loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
  const catalogue = buildCatalogue(EVENT_SETS, { schemas, rng: runtime.rng, checks: true });
  const views = SqliteViews.open({ file: folder.file('views.sqlite') });
  const writeLog = options.writeTo?.(log) ?? log;
  const store = createDeciderStore({ log: writeLog, catalogue, subjectKeys, runtime });
  const consumers = createConsumers({ log, catalogue, views, subjectKeys, runtime });
  for (const projection of PROJECTIONS) consumers.addProjection(projection);
  const rehearsal: Rehearsal = () => {
    const stage = rehearsalStore(store);
    return { store: stage, bills: new BillSteps(stage, runtime) };
  };
  const ports = [
    { provide: RUNTIME, useValue: runtime },
    { provide: DECIDER_STORE, useValue: store },
    { provide: CONSUMERS, useValue: consumers },
    { provide: EVENT_LOG, useValue: log },
    { provide: VIEWS, useValue: views },
    { provide: DEMO_MONEY, useValue: options.demoMoney ?? true },
    { provide: IDENTITY_CHECK, useValue: demoIdentityCheck },
    { provide: MESSAGE_SEALS, useValue: sealsOf(runtime.rng.bytes(32)) },
    { provide: EXTERNAL_CHANNEL, useValue: options.external ?? NO_INSTITUTION },
    { provide: REHEARSAL, useValue: rehearsal },
    { provide: ISSUED_BILLS, useValue: issuedBillEvents },
    {
      provide: APPROVAL_WAITERS,
      inject: [TierLimitsApproved, RefundApprovals],
      useFactory: (...own: readonly ApprovalWaiter[]) => options.approvalWaiters ?? own,
    },
  ];
  const app = await Test.createTestingModule({ imports: [ContextsModule.over(ports)] }).compile();
  consumers.addProcessManager(app.get(ApprovalDecisions, { strict: false }));
  consumers.addProcessManager(app.get(AdvanceCarrier, { strict: false }));
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
    runtime,
    finisher: app.get(PaymentFinisher, { strict: false }),
    collector: app.get(MandateCollector, { strict: false }),
    refunds: app.get(RefundFinisher, { strict: false }),
    approvals: app.get<Approvals>(APPROVALS, { strict: false }),
    cases: app.get<Cases>(CASES, { strict: false }),
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
        ...approvalsApplication,
        ...approvalsQueries,
        ...casesApplication,
        ...casesQueries,
        ...ledgerQueries,
      ],
    };
  }
}
