import { Inject, Injectable } from '@nestjs/common';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { approvalEvents, approvalsEventSets } from '../codec/index.js';
import { APPROVAL_WAITERS, type ApprovalWaiter } from '../contract/index.js';
import type { ApprovalEvent, DecisionContent } from '../domain/approval/index.js';

/**
 * Tells those who wait of each decision, at least once and in the order of each approval's stream; the checkpoint moves on
 * when the waiter's reaction is durable. A decision may have been voided meanwhile: only `Approvals.use` tells.
 */
@Injectable()
export class ApprovalDecisions implements ProcessManager {
  readonly name = 'approval-decisions';
  readonly events = approvalsEventSets;
  /** A waiter that is held up by something holds up few others. */
  readonly concurrency = 4;

  constructor(@Inject(APPROVAL_WAITERS) private readonly waiters: readonly ApprovalWaiter[]) {}

  async react({ event, metadata }: DecodedEvent): Promise<void> {
    if (!(event.type in approvalEvents.types)) return;
    const decided = decisionOf(event as ApprovalEvent);
    if (!decided) return;
    const { granted, data } = decided;
    const { approvalId, kind, subject, checker, comment } = data;
    const tenant = asId<'tenant'>(metadata.tenant);
    const { correlationId } = metadata;
    for (const waiter of this.waiters) {
      if (!waiter.kinds.includes(kind)) continue;
      await waiter.decided({ approvalId, kind, subject, tenant, granted, checker, comment, correlationId });
    }
  }
}

function decisionOf(event: ApprovalEvent): { granted: boolean; data: DecisionContent } | undefined {
  if (event.type === 'ApprovalGranted') return { granted: true, data: event.data };
  if (event.type === 'ApprovalDeclined') return { granted: false, data: event.data };
  return undefined;
}
