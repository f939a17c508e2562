export * from './types.js';
export { createConsumers } from './consumers.js';
export type { ConsumersDependencies } from './consumers.js';
