export * from './engine-api.js';
export { LogFileUnusable } from './failure.js';
export { openLogEngine, type EngineRuntime } from './engine.js';
export { followAll } from './follow-all.js';
export { followStream } from './follow-stream.js';
export { SqliteEventLog, type EventLogRuntime } from './sqlite-event-log.js';
