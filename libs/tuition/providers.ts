import type { Provider } from '@nestjs/common';
import { courseApplication } from './application/courses/index.js';
import { OPEN_IMPORTS, tuitionApplication } from './application/index.js';
import { courseQueries, OpenImportsInViews, tuitionQueries } from './read-model/index.js';

export { tuitionEventSets } from './codec/index.js';
export { COURSE_CONTRACT_EVENTS, CourseOrderFollower } from './application/courses/index.js';
export { coursesProjection, tuitionProjections } from './read-model/index.js';

/**
 * Everything of tuition for a composition root, beside `CqrsModule` and the providers of billing. Needs the tokens of
 * libs/runtime/port: `DECIDER_STORE`, `FILE_STORE`, `SUBJECT_KEYS`, `RUNTIME`, `VIEWS`, `SPREADSHEET_READER`,
 * `SPREADSHEET_WRITER`.
 */
export const tuitionProviders: readonly Provider[] = [
  ...tuitionApplication,
  ...tuitionQueries,
  { provide: OPEN_IMPORTS, useClass: OpenImportsInViews },
];

/**
 * Prepaid courses, beside the contracts that hold their money: needs `RELEASE_CONTRACTS`, `ATTESTOR_KEYRING` and
 * `COURSE_CONTRACT_EVENTS`. `CourseOrderFollower` is one of the program's process managers, `coursesProjection` one of its projections.
 */
export const courseProviders: readonly Provider[] = [...courseApplication, ...courseQueries];
