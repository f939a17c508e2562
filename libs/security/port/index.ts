export * from './caller.js';
export * from './subject-keys.js';
export * from './request.js';
export * from './permissions.js';
