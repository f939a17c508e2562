export * from './document-gate.js';
export * from './json-text.js';
