export * from './signature-verifier.js';
