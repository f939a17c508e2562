import { parseInstant } from '#libs/kernel/time/index.js';
import { buildCatalogue, deriveUuid, UUID_NAMESPACES, type Catalogue } from '#libs/event-log/codec/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import {
  createDeciderStore,
  type CachingDeciderStore,
  type CommandContext,
  type DeciderStoreOptions,
} from '#libs/event-log/runner/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { manualRuntime } from './runtime/index.js';
import { tillEvents, tillSchemas } from './till.js';

/** Everything around one log, with the till as its only aggregate; for specs. */
export interface TillWorld {
  readonly log: EventLog;
  readonly runtime: Runtime;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
  /** A further store on the same log, as another process would have. */
  store(options?: DeciderStoreOptions, log?: EventLog): CachingDeciderStore;
}

export function tillWorld(given: { readonly log?: EventLog; readonly runtime?: Runtime } = {}): TillWorld {
  const runtime = given.runtime ?? manualRuntime();
  const log = given.log ?? new MemoryEventLog();
  const subjectKeys = memorySubjectKeys(runtime.rng);
  const catalogue = buildCatalogue([tillEvents], { schemas: tillSchemas, rng: runtime.rng, checks: true });
  return {
    log,
    runtime,
    catalogue,
    subjectKeys,
    store: (options, own = log) => createDeciderStore({ log: own, catalogue, subjectKeys, runtime, options }),
  };
}

/** The same name is the same command id. */
export function contextOf(name: string, rest: Partial<CommandContext> = {}): CommandContext {
  return {
    commandId: deriveUuid(UUID_NAMESPACES.command, name),
    correlationId: 'correlation',
    actor: 'account-1',
    tenant: 'tenant-1',
    at: parseInstant('2026-09-01T08:00:00.000Z'),
    ...rest,
  };
}
