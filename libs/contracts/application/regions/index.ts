import type { Provider } from '@nestjs/common';
import { REGIONS } from '../../contract/templates.js';
import { RegionalParameterSets } from './regional-parameter-sets.js';
import { RegionalParametersApproved } from './regional-parameters-approved.js';
import { RegionalParametersOfHandler } from './regional-parameters-of.js';
import { SetRegionalParametersHandler } from './set-regional-parameters.js';

export { RegionalParametersApproved };

/** What regions set. Needs `TEMPLATES` and `APPROVALS`; `RegionalParametersApproved` waits for approvals. */
export const regionsApplication: readonly Provider[] = [
  { provide: REGIONS, useClass: RegionalParameterSets },
  SetRegionalParametersHandler,
  RegionalParametersOfHandler,
  RegionalParametersApproved,
];
