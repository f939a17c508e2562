import { fileURLToPath } from 'node:url';
import { Logger, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus, type Command, type Query } from '@nestjs/cqrs';
import { ApprovalDesk } from '#libs/approvals/application/approval-desk.js';
import { approvalsEventSets } from '#libs/approvals/codec/index.js';
import { APPROVALS } from '#libs/approvals/contract/index.js';
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets } from '#libs/billing/codec/index.js';
import { DefineFeeItem } from '#libs/billing/contract/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import { createConsumers, type Consumers } from '#libs/event-log/consumers/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { createDeciderStore } from '#libs/event-log/runner/index.js';
import { diskFileStore } from '#libs/files/disk/index.js';
import type { FileStore } from '#libs/files/port/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import * as tokens from '#libs/runtime/port/tokens.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { RequestContext, SubjectKeys } from '#libs/security/port/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import { spreadsheetReader, xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { ImportJobs } from '#libs/tuition/application/index.js';
import { tuitionEventSets, tuitionProjections, tuitionProviders } from '#libs/tuition/providers.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

export const SCHOOL = 'school-1' as OrganisationId;
export const TENANT = 'demo' as TenantId;

/** What survives the death of a process. */
export interface TuitionDisk {
  readonly folder: TemporaryFolder;
  readonly log: EventLog;
  readonly keys: SubjectKeys;
}

/** Views are built anew by each program: the log is the truth. Billing and tuition in one process on a log in memory, with real files, views and spreadsheets; for specs. */
export interface TuitionProgram {
  readonly disk: TuitionDisk;
  readonly files: FileStore;
  readonly jobs: ImportJobs;
  readonly consumers: Consumers;
  readonly app: INestApplicationContext;
  run<Result>(command: Command<Result>): Promise<Result>;
  ask<Result>(query: Query<Result>): Promise<Result>;
  /** Resolves when the jobs have nothing to do and the views show everything. */
  settled(): Promise<void>;
  /** Ends the process in an orderly way; the disk stays. */
  stop(): Promise<void>;
  /** What is left of a process that was killed: nothing it awaits ever ends. For after the log was frozen. */
  kill(): Promise<void>;
}

export interface TuitionProgramOptions {
  readonly runtime?: Runtime;
  /** Ajv on every append; default true. */
  readonly checks?: boolean;
  readonly files?: (files: FileStore) => FileStore;
  readonly log?: EventLog;
  /** Where schemas/events lies, when it is not two folders up. */
  readonly schemas?: string;
}

export function tuitionDisk(): TuitionDisk {
  const { rng } = systemRuntime();
  return { folder: temporaryFolder(), log: new MemoryEventLog(), keys: memorySubjectKeys(rng) };
}

const SCHEMAS = new URL('../../schemas/events', import.meta.url);

@Module({})
class TuitionProgramModule {}

export async function tuitionProgram(
  disk: TuitionDisk = tuitionDisk(),
  options: TuitionProgramOptions = {},
): Promise<TuitionProgram> {
  const runtime = options.runtime ?? systemRuntime();
  const { keys, folder } = disk;
  const log = options.log ?? disk.log;
  const sets = [...billingEventSets, ...approvalsEventSets, ...tuitionEventSets, ...privacyEventSets];
  const catalogue = buildCatalogue(sets, {
    schemas: loadEventSchemas(options.schemas ?? fileURLToPath(SCHEMAS)),
    rng: runtime.rng,
    checks: options.checks ?? true,
  });
  const store = createDeciderStore({
    log,
    catalogue,
    subjectKeys: keys,
    runtime,
    options: { onlyWriter: true },
  });
  const views = SqliteViews.open({ file: folder.file(`views-${runtime.ids.next()}.db`) });
  const stored = await diskFileStore({ directory: folder.file('files'), ids: runtime.ids });
  const files = options.files?.(stored) ?? stored;
  const consumers = createConsumers({ log, catalogue, subjectKeys: keys, views, runtime });
  for (const projection of [...billingProjections, ...tuitionProjections])
    consumers.addProjection(projection);
  await consumers.start();
  Logger.overrideLogger(false);
  const ports = { store, runtime, views, keys, files };
  const app = await NestFactory.createApplicationContext(moduleOf(ports), {
    logger: false,
    abortOnError: false,
  });
  const [commands, queries, jobs] = [app.get(CommandBus), app.get(QueryBus), app.get(ImportJobs)];
  return {
    disk,
    files,
    jobs,
    consumers,
    app,
    run: (command) => commands.execute(command),
    ask: (query) => queries.execute(query),
    async settled() {
      await jobs.idle();
      await consumers.caughtUp();
    },
    async stop() {
      await app.close();
      await consumers.stop();
      await views.close();
    },
    async kill() {
      void jobs.beforeApplicationShutdown();
      await consumers.stop();
      await views.close();
    },
  };
}

function moduleOf(ports: {
  readonly store: unknown;
  readonly runtime: Runtime;
  readonly views: Views;
  readonly keys: SubjectKeys;
  readonly files: FileStore;
}): DynamicModule {
  const values = new Map<symbol, unknown>([
    [tokens.DECIDER_STORE, ports.store],
    [tokens.RUNTIME, ports.runtime],
    [tokens.VIEWS, ports.views],
    [tokens.SUBJECT_KEYS, ports.keys],
    [tokens.FILE_STORE, ports.files],
    [tokens.SPREADSHEET_READER, spreadsheetReader()],
    [tokens.SPREADSHEET_WRITER, xlsxWriter],
  ]);
  return {
    module: TuitionProgramModule,
    imports: [CqrsModule.forRoot()],
    providers: [
      ...[...values].map(([provide, useValue]) => ({ provide, useValue })),
      ApprovalDesk,
      { provide: APPROVALS, useExisting: ApprovalDesk },
      ...billingApplication,
      ...billingQueries,
      ...tuitionProviders,
    ],
  };
}

/** A bursar of the school, unless said otherwise. */
export function bursar(caller: Partial<RequestContext['caller']> = {}): RequestContext {
  const standard = {
    accountId: 'bursar-1',
    personId: 'person-1',
    tenant: TENANT,
    organisation: SCHOOL,
    roles: ['bursar' as const],
  };
  return { caller: { ...standard, ...caller }, correlationId: 'spec' };
}

/** Fee items of the demo: TUITION 学费, MEAL 伙食费, BOOK 书本费, DORM 住宿费. */
export async function defineFeeItems(program: TuitionProgram): Promise<void> {
  const items = [
    ['TUITION', '学费'],
    ['MEAL', '伙食费'],
    ['BOOK', '书本费'],
    ['DORM', '住宿费'],
  ] as const;
  for (const [index, [code, name]] of items.entries()) {
    const input = {
      idempotencyKey: code,
      organisationId: SCHOOL,
      code,
      name,
      category: '教育收费',
      glCode: `4001.${index}`,
      priority: index + 1,
    };
    await program.run(new DefineFeeItem(bursar(), input));
  }
  await program.settled();
}
