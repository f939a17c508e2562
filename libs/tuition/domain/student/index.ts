export type * from './messages.js';
export { studentDecider, tellsNews, type StudentState } from './decider.js';
