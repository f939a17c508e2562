import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { CaseHistoryHandler } from './case-history.js';
import { CaseByIdHandler, CasesOfHandler } from './case-queries.js';
import { casesProjection } from './cases-projection.js';

/** The read side of cases. Needs `VIEWS`, `DECIDER_STORE` and `RUNTIME`. */
export const casesQueries: readonly Provider[] = [CasesOfHandler, CaseByIdHandler, CaseHistoryHandler];

/** `cases`: streams `case-` and `subject-`. */
export const casesProjections: readonly Projection[] = [casesProjection];
