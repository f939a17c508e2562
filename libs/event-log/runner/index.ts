export * from './types.js';
export { createDeciderStore } from './decider-store.js';
export type {
  CachingDeciderStore,
  DeciderStoreDependencies,
  DeciderStoreOptions,
  DeciderStoreStats,
} from './decider-store.js';
export { verifyLog } from './verify-log.js';
export type { BadEvent, VerifyReport } from './verify-log.js';
