export type * from './messages.js';
export { SERVICE_LEVELS, type CaseKind, type CasePriority } from './service-levels.js';
export { caseDecider, MOST_ACTS, type CaseState, type KnownCase } from './decider.js';
export { isComplainant, mayRead, mayWorkOn, readsCases, worksOnCases, type Asker } from './access.js';
