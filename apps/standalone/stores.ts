import { join } from 'node:path';
import { pdfReceipts } from '#libs/documents/pdf/index.js';
import type { ReceiptDocument } from '#libs/documents/port/index.js';
import { buildCatalogue, loadEventSchemas } from '#libs/event-log/codec/index.js';
import { type Consumers, createConsumers } from '#libs/event-log/consumers/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { type CachingDeciderStore, createDeciderStore } from '#libs/event-log/runner/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { diskFileStore } from '#libs/files/disk/index.js';
import type { FileStore } from '#libs/files/port/index.js';
import type { Logger } from '#libs/observability/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { SqliteAttestorKeyring } from '#libs/security/adapters/attestor-keyring-sqlite.js';
import { loadMasterKey } from '#libs/security/adapters/master-key.js';
import { SqliteNonces } from '#libs/security/adapters/nonces-sqlite.js';
import { tenantSeals } from '#libs/security/adapters/secrets/tenant-seals.js';
import { SqliteSubjectKeys } from '#libs/security/adapters/subject-keys-sqlite.js';
import type { AttestorKeyring, MessageSeals, Nonces, SubjectKeys } from '#libs/security/port/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import type { Config } from './config.js';
import { EVENT_SETS, PROJECTIONS } from './contexts.js';
import { schemasFolder } from './folders.js';

/** The ports with their adapters, as this program composes them. */
export interface Stores {
  readonly eventLog: EventLog;
  readonly decider: CachingDeciderStore;
  readonly consumers: Consumers;
  readonly views: Views;
  readonly subjectKeys: SubjectKeys;
  readonly files: FileStore;
  readonly receipts: ReceiptDocument;
  readonly seals: MessageSeals;
  readonly nonces: Nonces;
  readonly keyring: AttestorKeyring;
  readonly signatures: SignatureVerifier;
  /** Nothing had ever been stored when the log was opened. */
  readonly wasEmpty: boolean;
  close(): Promise<void>;
}

/** Parts that a benchmark or a test puts in the place of the configured ones; closed with the others. */
export interface ReplacedParts {
  readonly eventLog?: EventLog;
}

/** Closes what was opened, the youngest first; a failure of one keeps no other open. */
class OpenParts {
  readonly #closers: (() => Promise<void>)[] = [];

  add<Part extends { close(): Promise<void> }>(part: Part): Part {
    this.#closers.push(() => part.close());
    return part;
  }

  async close(): Promise<void> {
    const faults: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse())
      await close().catch((fault: unknown) => faults.push(fault));
    if (faults.length > 0) throw new AggregateError(faults, 'Not everything could be closed.');
  }
}

/**
 * Opens everything. The consumers are started by whoever has added the process managers.
 *
 * @throws LogFileUnusable, LogDamaged and what the adapters name
 */
export async function openStores(
  config: Config,
  runtime: Runtime,
  log: Logger,
  replaced: ReplacedParts = {},
): Promise<Stores> {
  const parts = new OpenParts();
  try {
    const eventLog = parts.add(replaced.eventLog ?? (await openEventLog(config, runtime)));
    const masterKey = await loadMasterKey(config.masterKey, join(config.dataDir, 'master-key.json'));
    const subjectKeys = parts.add(openSubjectKeys(config, masterKey, runtime));
    const keyring = parts.add(openKeyring(config, masterKey, runtime));
    const signatures = parts.add(signatureVerifier({ timers: runtime.timers }));
    const views = parts.add(SqliteViews.open({ file: join(config.dataDir, 'views.db') }));
    const files = await diskFileStore({ directory: join(config.dataDir, 'files'), ids: runtime.ids });
    const receipts = parts.add(
      pdfReceipts({ timers: runtime.timers, verificationPrefix: verificationPrefixOf(config.publicUrl) }),
    );
    const nonces = parts.add(
      SqliteNonces.open({ file: join(config.dataDir, 'nonces.db'), clock: runtime.clock }),
    );
    const seals = await tenantSeals(join(config.dataDir, 'code-seals.json'));
    const schemas = loadEventSchemas(schemasFolder('events'));
    const catalogue = buildCatalogue(EVENT_SETS, { schemas, rng: runtime.rng, checks: config.checkEvents });
    const decider = createDeciderStore({
      log: eventLog,
      catalogue,
      subjectKeys,
      runtime,
      // The embedded log belongs to one process; a server may have other writers.
      options: { onlyWriter: config.eventStoreUrl === undefined },
    });
    const consumers = createConsumers({
      log: eventLog,
      catalogue,
      views,
      subjectKeys,
      runtime,
      report: (consumer, fault) => log.error({ consumer, err: fault }, 'a consumer met a fault'),
    });
    parts.add({ close: () => consumers.stop() });
    for (const projection of PROJECTIONS) consumers.addProjection(projection);
    const wasEmpty = (await eventLog.lastPosition()) === undefined;
    return {
      eventLog,
      decider,
      consumers,
      views,
      subjectKeys,
      files,
      receipts,
      seals,
      nonces,
      keyring,
      signatures,
      wasEmpty,
      close: () => parts.close(),
    };
  } catch (fault) {
    await parts
      .close()
      .catch((closing: unknown) => log.error({ err: closing }, 'closing after a failed start'));
    throw fault;
  }
}

/** What the QR codes of receipts begin with; the verification code follows. */
export function verificationPrefixOf(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : `${publicUrl}/verify/`;
}

function openSubjectKeys({ dataDir }: Config, masterKey: Uint8Array, { rng }: Runtime): SqliteSubjectKeys {
  return SqliteSubjectKeys.open({ file: join(dataDir, 'subject-keys.db'), masterKey, rng });
}

function openKeyring({ dataDir }: Config, masterKey: Uint8Array, { rng }: Runtime): SqliteAttestorKeyring {
  return SqliteAttestorKeyring.open({ file: join(dataDir, 'attestor-keys.db'), masterKey, rng });
}

async function openEventLog({ eventStoreUrl, dataDir }: Config, runtime: Runtime): Promise<EventLog> {
  if (eventStoreUrl === undefined) return SqliteEventLog.open({ file: join(dataDir, 'events.db') }, runtime);
  // The client is heavy; only who uses it waits for it.
  const { EventStoreDbEventLog } = await import('#libs/event-log/eventstoredb/index.js');
  return new EventStoreDbEventLog({ connectionString: eventStoreUrl });
}
