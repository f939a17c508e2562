/** What other contexts and the gateway may see of campaigns. */
export * from './campaigns.js';
export * from './vouchers.js';
export * from './draw.js';
