export * from './caller.js';
export * from './subject-keys.js';
export * from './request.js';
export * from './permissions.js';
export * from './nonces.js';
export * from './message-seals.js';
export * from './identity-check.js';
