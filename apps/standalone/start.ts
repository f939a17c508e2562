import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { movableClock, type MovableClock } from '#apps/cli/seed/seed-clock.js';
import { SignedLinks } from '#apps/gateway/files/signed-links.js';
import { Gateway } from '#apps/gateway/gateway.js';
import type { GatewayModuleParts } from '#apps/gateway/gateway.module.js';
import { noticeRoute } from '#apps/gateway/channels/notices.js';
import { FrontDoor, type Route } from '#apps/gateway/http/front-door.js';
import { NoticeDoor } from '#libs/channels/notices/door.js';
import { NOTICE_RECEIVERS, type NoticeReceiver } from '#libs/channels/port/index.js';
import { ContractClock } from '#libs/contracts/application/index.js';
import { receiptSlips } from '#libs/documents/slip/index.js';
import { CustodyMonitor } from '#libs/ledger/read-model/index.js';
import {
  type Logger,
  Readiness,
  contractClockGauge,
  custodyGauges,
  logger,
} from '#libs/observability/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { obtainSecretFile } from '#libs/security/adapters/secrets/secret-file.js';
import { tokenVerifier } from '#libs/security/adapters/tokens/verifier.js';
import type { Config } from './config.js';
import type { ApplicationFacts } from './greeting.js';
import { type ChosenIssuer, chooseIssuer } from './issuer.js';
import { type Institution, openInstitution } from './institution/institution.js';
import { StandaloneModule } from './module.js';
import { FINISHERS, PROCESS_MANAGERS } from './processes.js';
import { seedDemoOnFirstStart } from './seed.js';
import { stopInOrder } from './stop.js';
import { type ReplacedParts, type Stores, openStores, verificationPrefixOf } from './stores.js';

export interface RunningApplication {
  readonly facts: ApplicationFacts;
  readonly port: number;
  readonly app: INestApplication;
  readonly stores: Stores;
  /** Readiness 503 → no new connections → requests under way end → consumers stop → stores close. Idempotent. */
  stop(): Promise<void>;
}

/** Where projections commit what subscriptions then read, by stream category. */
const LIVE_SOURCES = {
  bill: 'bills',
  payment: 'payments',
  refund: 'refunds',
  import: 'tuition',
  approval: 'approvals',
  contract: 'contracts',
} as const;

interface Parts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly clock: MovableClock;
  readonly front: FrontDoor;
  readonly port: number;
  readonly url: string;
  readonly log: Logger;
  /** Lines for the person who waits. */
  readonly tell: (line: string) => void;
  readonly replaced: ReplacedParts;
}

/**
 * Everything in one process. Resolves when the doors are open: stores open, views caught up, the demo there.
 *
 * @throws Error with `code` EADDRINUSE, LogFileUnusable, IssuerUnavailable and what the stores name
 */
export async function startApplication(
  config: Config,
  tell: (line: string) => void,
  replaced: ReplacedParts = {},
): Promise<RunningApplication> {
  const system = systemRuntime();
  const clock = movableClock(system.clock);
  const front = new FrontDoor({
    port: config.port,
    host: config.host,
    allowedOrigins: config.allowedOrigins,
  });
  const port = await front.listen();
  const url = config.publicUrl ?? `http://localhost:${port}`;
  const log = logger(config.logLevel);
  const parts: Parts = {
    config,
    runtime: { ...system, clock },
    clock,
    front,
    port,
    url,
    log,
    tell,
    replaced,
  };
  try {
    return await withStores(parts);
  } catch (fault) {
    front.server.closeAllConnections();
    await front.close();
    throw fault;
  }
}

async function withStores(parts: Parts): Promise<RunningApplication> {
  await mkdir(parts.config.dataDir, { recursive: true, mode: 0o700 });
  const config = { ...parts.config, publicUrl: parts.url };
  const stores = await openStores(config, parts.runtime, parts.log, parts.replaced);
  try {
    return await withInstitution(parts, stores);
  } catch (fault) {
    await stores.close();
    throw fault;
  }
}

/** After the stores, whose lock keeps a second program off the folder; it starts while the rest is composed. */
async function withInstitution(parts: Parts, stores: Stores): Promise<RunningApplication> {
  const report = (what: string): void => parts.log.warn({ what }, 'the institution');
  const institution = await openInstitution({ ...parts, report });
  try {
    return await compose(parts, stores, institution);
  } catch (fault) {
    await institution.stop();
    throw fault;
  }
}

async function compose(parts: Parts, stores: Stores, institution: Institution): Promise<RunningApplication> {
  const { config, front, clock, runtime, url } = parts;
  const issuer = await chooseIssuer(config, url);
  const readiness = readinessOf(stores, runtime);
  const module = StandaloneModule.over(
    stores,
    runtime,
    await gatewayParts(parts, stores, { issuer, readiness }),
    institution.channel,
  );
  const app = await NestFactory.create(module, front.adapter, {
    bodyParser: false,
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  // Before `init`, where the first handlers read views. A reaction that needs a bus not yet filled is tried again.
  for (const manager of PROCESS_MANAGERS) stores.consumers.addProcessManager(app.get(manager));
  await stores.consumers.start();
  await app.init();
  await stores.consumers.caughtUp();
  // What a crash left behind is asked about there.
  await institution.ready();
  const finishers = FINISHERS.map((finisher) => app.get(finisher));
  for (const finisher of finishers) await finisher.start();
  const gateway = app.get(Gateway);
  const custody = app.get(CustodyMonitor);
  custodyGauges(gateway.metrics.registry, () => custody.figures);
  const contractClock = app.get(ContractClock);
  contractClockGauge(gateway.metrics.registry, () => contractClock.overdueMs);
  await gateway.start(front.server);
  const openStudent = config.demo ? await seedDemoOnFirstStart({ ...parts, app, stores }) : undefined;
  clock.release();
  front.open([...gateway.routes(), ...issuer.routes, noticeDoor(parts, stores, { app, institution })]);
  let stopped: Promise<void> | undefined;
  return {
    facts: {
      url,
      dataDir: config.dataDir,
      demoLogins: issuer.demoUsers.length > 0,
      ...(openStudent ? { openStudent } : {}),
    },
    port: parts.port,
    app,
    stores,
    stop: () => (stopped ??= stopInOrder({ readiness, front, gateway, finishers, app, stores, institution })),
  };
}

/** Where the institution tells what became of an operation. */
function noticeDoor(
  { runtime, log }: Parts,
  { nonces }: Stores,
  { app, institution }: { readonly app: INestApplication; readonly institution: Institution },
): Route {
  return noticeRoute(
    new NoticeDoor({
      agreement: institution.agreement,
      nonces,
      receivers: app.get<readonly NoticeReceiver[]>(NOTICE_RECEIVERS),
      runtime,
      report: (fault) => log.error({ err: fault }, 'a notice could not be taken'),
    }),
  );
}

function readinessOf(stores: Stores, runtime: Runtime): Readiness {
  const checks = {
    'event log': () => stores.eventLog.ping(),
    consumers: () => {
      const still = stores.consumers.status().find(({ stopped }) => stopped !== undefined);
      if (still) throw new Error(`${still.name} stands still`);
    },
  };
  return new Readiness(checks, runtime.timers);
}

async function gatewayParts(
  { config, runtime, url, log }: Parts,
  stores: Stores,
  { issuer, readiness }: { readonly issuer: ChosenIssuer; readonly readiness: Readiness },
): Promise<GatewayModuleParts> {
  const { production, deadlineMs, maxInFlight, oidcClientId } = config;
  const { secret } = await obtainSecretFile(join(config.dataDir, 'links.json'), () => ({
    secret: randomBytes(32).toString('base64url'),
  }));
  return {
    options: { production, deadlineMs, maxInFlight, liveSources: LIVE_SOURCES },
    verifier: tokenVerifier(issuer.trusted, runtime.clock),
    links: new SignedLinks(secret, url, runtime.clock),
    log: (traceId, fault) => log.error({ traceId, err: fault }, 'unexpected fault'),
    readiness,
    receipts: stores.receipts,
    slips: receiptSlips({ verificationPrefix: verificationPrefixOf(url) }),
    facts: { production, issuer: issuer.url, clientId: oidcClientId, demoUsers: issuer.demoUsers },
  };
}
