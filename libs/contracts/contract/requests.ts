/**
 * What people may ask of release contracts. Every handler checks that the caller fills the role that acts: an account its own
 * party, an organisation through its bursar, supervisor or tax officer. Contracts that are not the caller's look like none.
 */
export * from './agreement-requests.js';
export * from './conduct-requests.js';
export type { PartyKey } from './request-parts.js';
