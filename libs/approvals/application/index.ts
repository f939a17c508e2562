import type { Provider } from '@nestjs/common';
import { APPROVALS } from '../contract/index.js';
import { ApprovalDecisions } from './approval-decisions.js';
import { ApprovalDesk } from './approval-desk.js';
import { DecideApprovalHandler } from './decide-approval.js';

export { ApprovalDecisions };

/**
 * The write side of approvals. Needs `DECIDER_STORE`, `RUNTIME` and `APPROVAL_WAITERS`; offers `APPROVALS` to the contexts
 * whose acts need a second person. `ApprovalDecisions` is a process manager, for the composition root to start.
 */
export const approvalsApplication: readonly Provider[] = [
  ApprovalDesk,
  { provide: APPROVALS, useExisting: ApprovalDesk },
  ApprovalDecisions,
  DecideApprovalHandler,
];
