export * from './connection.js';
export * from './errors.js';
export * from './global-id.js';
export * from './limits/index.js';
export * from './money.js';
export * from './rejection.js';
export * from './schema.js';
export * from './scalars/index.js';
