import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { ApprovalByIdHandler, ApprovalsToDecideHandler } from './approval-queries.js';
import { approvalsProjection } from './approvals-projection.js';

/** The read side of approvals. Needs `VIEWS` and `RUNTIME`. */
export const approvalsQueries: readonly Provider[] = [ApprovalsToDecideHandler, ApprovalByIdHandler];

/** `approvals`: streams `approval-`. */
export const approvalsProjections: readonly Projection[] = [approvalsProjection];
