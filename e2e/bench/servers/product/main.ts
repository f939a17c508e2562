/** The product as `apps/standalone` composes it, in a process of its own, with the benchmark's data in its stores. */
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { readConfig } from '#apps/standalone/config.js';
import { type RunningApplication, startApplication } from '#apps/standalone/start.js';
import { CONTRACT_FUNDING, RELEASE_CONTRACTS } from '#libs/contracts/contract/release-contracts.js';
import { TEMPLATES } from '#libs/contracts/contract/templates.js';
import type { Position } from '#libs/event-log/port/index.js';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { answerParent } from '../../process/answer.js';
import { PAYER, payer } from './callers.js';
import { BareEvents, type BareInserts, insertBare } from './bare-sqlite.js';
import { type BillsOrder, defineFeeItems, issueBills } from './bills.js';
import { type ContractsOrder, prepareContracts, publishWithoutNotice } from './contracts.js';
import { publishFile } from './imports.js';
import { countedSince, lastEventOf } from './last-event.js';
import { closeInstitution, type MassRefundOrder } from './mass-refund.js';
import { NoopEventLog } from './noop-event-log.js';
import { type PayersOrder, preparePayers } from './payers.js';
import { payAll } from './payments.js';
import { countedRows, foldAll } from './rebuild.js';
import { fillWallets, topUp } from './wallets.js';
import type { ProductStarted, StartOrder } from './orders.js';

let noop: NoopEventLog | undefined;
let running: { readonly application: RunningApplication; readonly dataDir: string } | undefined;

async function start({ store, organisations }: StartOrder): Promise<ProductStarted> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const config = readConfig({ PORT: '0', SLUICE_DATA_DIR: dataDir, SLUICE_DEMO: 'off' });
  noop = store === 'noop' ? new NoopEventLog() : undefined;
  const application = await startApplication(config, () => undefined, { eventLog: noop });
  running = { application, dataDir };
  await defineFeeItems(commands(), organisations);
  const { port } = application;
  return { store, port, dataDir, token: await mintDemoToken(PAYER, { dataDir, port }) };
}

function application(): RunningApplication {
  if (!running) throw new Error('The product has not been started.');
  return running.application;
}

function dataDir(): string {
  if (!running) throw new Error('The product has not been started.');
  return running.dataDir;
}

function commands(): CommandBus {
  return application().app.get(CommandBus);
}

async function stop(): Promise<void> {
  bareEvents?.close();
  await running?.application.stop();
  if (running) await rm(running.dataDir, { recursive: true, force: true });
}

/** How long the views need to catch up with the log, milliseconds. */
async function settle(): Promise<number> {
  const startedMs = performance.now();
  await application().stores.consumers.caughtUp();
  return performance.now() - startedMs;
}

async function rebuild(projections: readonly string[]): Promise<number> {
  const { consumers } = application().stores;
  const startedMs = performance.now();
  for (const projection of projections) await consumers.rebuild(projection);
  return performance.now() - startedMs;
}

let bareEvents: BareEvents | undefined;

/** Milliseconds; the copy is made before the first scan and not measured. */
async function scanBare(): Promise<number> {
  if (!bareEvents) {
    bareEvents = new BareEvents(dataDir());
    await bareEvents.copy(application().stores.eventLog);
  }
  return bareEvents.scan();
}

let bareRuns = 0;

function insertedBare(projections: readonly string[]): BareInserts {
  bareRuns += 1;
  return insertBare(dataDir(), projections, bareRuns);
}

answerParent(
  {
    start,
    settle,
    rebuild,
    bills: (order: BillsOrder) => {
      noop?.forget(['bill', 'payment']);
      return issueBills(commands(), order);
    },
    payers: (order: PayersOrder) => {
      const { port, stores } = application();
      return preparePayers(
        { commands: commands(), decider: stores.decider, dataDir: dataDir(), port },
        order,
      );
    },
    'top-up': (order: { readonly walletId: WalletId; readonly key: string }) =>
      topUp(commands(), payer(), order),
    position: () => application().stores.eventLog.lastPosition(),
    'counted-since': ({ type, position }: { readonly type: string; readonly position: Position }) =>
      countedSince(application().stores.eventLog, type, position),
    template: () => publishWithoutNotice(commands(), application().app.get(TEMPLATES)),
    contracts: (order: ContractsOrder) => {
      const { app } = application();
      const target = { contracts: app.get(RELEASE_CONTRACTS), funding: app.get(CONTRACT_FUNDING) };
      return prepareContracts(target, order);
    },
    'mass-refund': (order: MassRefundOrder) => {
      const { app, stores } = application();
      const target = { commands: commands(), queries: app.get(QueryBus), log: stores.eventLog };
      return closeInstitution({ ...target, dataDir: dataDir(), settle }, order);
    },
    wallets: (count: number) => fillWallets(commands(), count),
    pay: ({ bills, wallets }: { readonly bills: readonly BillId[]; readonly wallets: readonly WalletId[] }) =>
      payAll(commands(), bills, wallets),
    publish: (file: { readonly content: Uint8Array; readonly key: string }) =>
      publishFile(
        { commands: commands(), queries: application().app.get(QueryBus), files: application().stores.files },
        file,
      ),
    'last-event': (type: string) => lastEventOf(application().stores.eventLog, type),
    fold: () => foldAll(application().stores),
    'scan-bare': scanBare,
    'insert-bare': insertedBare,
    rows: (projections: readonly string[]) => countedRows(application().stores, projections),
  },
  stop,
);
