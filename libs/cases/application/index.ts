import type { Provider } from '@nestjs/common';
import { CASES } from '../contract/index.js';
import { AssignCaseHandler } from './assign-case.js';
import { CaseActs } from './case-acts.js';
import { CaseDesk } from './case-desk.js';
import { NoteCaseHandler } from './note-case.js';
import { OpenComplaintHandler } from './open-complaint.js';
import { ReopenCaseHandler } from './reopen-case.js';
import { ResolveCaseHandler } from './resolve-case.js';

/**
 * The write side of cases. Needs `DECIDER_STORE`, `RUNTIME`, `CONSUMERS` and the queries of payments and billing; offers
 * `CASES` to the contexts that meet exceptions.
 */
export const casesApplication: readonly Provider[] = [
  CaseDesk,
  { provide: CASES, useExisting: CaseDesk },
  CaseActs,
  OpenComplaintHandler,
  AssignCaseHandler,
  NoteCaseHandler,
  ResolveCaseHandler,
  ReopenCaseHandler,
];
