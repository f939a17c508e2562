/** Complaints and exceptions: what a person has to look at, with an owner, a clock and a history. */
export * from './cases.js';
export * from './requests.js';
