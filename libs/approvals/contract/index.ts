/** Maker-checker: one mechanism for every sensitive act. What other contexts and the gateway may see of it. */
export * from './approvals.js';
export * from './requests.js';
