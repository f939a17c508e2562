export * from './asset.js';
export * from './money.js';
export * from './split.js';
export * from './capitals.js';
export * from './posting.js';
export * from './fraction.js';
