export * from './types.js';
export { createConsumers } from './consumers.js';
export type { ConsumersDependencies } from './consumers.js';
export { commandIdFrom } from './command-id.js';
export { DEAD_LETTERS_OWNER, DEAD_LETTERS_TABLE } from './dead-letters.js';
