import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { refundAggregate } from '../../codec/index.js';
import { payloadOf, REFUND_APPROVAL_KINDS } from './approval.js';
import { decideOnRefund } from './parts.js';
import { RefundProcess } from './refund-process.js';

const PREFIX = 'refund-';

/** Goes on with a refund when a second person has decided. */
@Injectable()
export class RefundApprovals implements ApprovalWaiter {
  readonly kinds = REFUND_APPROVAL_KINDS;

  readonly #logger = new Logger(RefundApprovals.name);

  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async decided(decision: Parameters<ApprovalWaiter['decided']>[0]): Promise<void> {
    if (!decision.subject.startsWith(PREFIX)) return;
    const refundId = asId<'refund'>(decision.subject.slice(PREFIX.length));
    const { parts } = this.process;
    const { state: refund } = await parts.store.load(refundAggregate, refundId);
    if (refund.status !== 'requested' || refund.tenant !== decision.tenant) return;
    const { checker, correlationId } = decision;
    const mover = { actor: checker.accountId, correlationId };
    const at = parts.runtime.clock.now();
    if (!decision.granted) {
      const reason = decision.comment.slice(0, 500);
      const command = { kind: 'reject', by: 'checker', code: 'NOT_APPROVED', reason, at } as const;
      await decideOnRefund(parts, refund, mover, { step: 'reject', command });
    } else {
      const act = { tenant: refund.tenant, payload: payloadOf(refund), useId: refundId, correlationId };
      const used = await parts.approvals.use(decision.approvalId, act);
      if (used.accepted) {
        const command = { kind: 'approve', checker: used.value.checker, at } as const;
        await decideOnRefund(parts, refund, mover, { step: 'approve', command });
      }
    }
    // The decision is durable; what follows asks banks, which nobody should wait for here.
    this.process.finish(refundId, mover).catch((error: unknown) => {
      this.#logger.warn(
        `Refund ${refundId} goes on later: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    });
  }
}
