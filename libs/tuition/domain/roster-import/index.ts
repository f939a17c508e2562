export type * from './messages.js';
export { importDecider, MAX_CHECK_ATTEMPTS } from './decider.js';
export { currentAttempt, NO_FIGURES } from './state.js';
export type {
  CheckedImport,
  CheckingImport,
  ImportState,
  LiveImport,
  PublishingImport,
  PublishedImport,
} from './state.js';
