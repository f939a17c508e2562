import type { Provider } from '@nestjs/common';
import { OPEN_IMPORTS, tuitionApplication } from './application/index.js';
import { OpenImportsInViews, tuitionQueries } from './read-model/index.js';

export { tuitionEventSets } from './codec/index.js';
export { tuitionProjections } from './read-model/index.js';

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
