import type { Provider } from '@nestjs/common';
import { CloseInstitutionHandler } from './close-institution.js';
import { MassRefundApprovals } from './mass-refund-approvals.js';
import { MassRefundJobs, MassRefundParts } from './mass-refund-jobs.js';
import { MassRefundReportHandler } from './mass-refund-report.js';

export { MassRefundApprovals, MassRefundJobs };

/**
 * Winding up every live contract of an organisation. Needs `APPROVALS`, `REGIONS`, `EVENT_LOG`, `SPREADSHEET_WRITER`, and
 * `LIVE_CONTRACTS` and `OPEN_MASS_REFUNDS` of the read model. `MassRefundJobs` is a finisher of the program, `MassRefundApprovals`
 * waits for approvals.
 */
export const massRefundApplication: readonly Provider[] = [
  MassRefundParts,
  MassRefundJobs,
  MassRefundApprovals,
  CloseInstitutionHandler,
  MassRefundReportHandler,
];
