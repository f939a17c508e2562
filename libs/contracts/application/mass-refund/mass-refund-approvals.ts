import { Inject, Injectable } from '@nestjs/common';
import { APPROVALS, type Approvals, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { massRefundAggregate } from '../../codec/index.js';
import type { KnownMassRefund } from '../../domain/mass-refund/index.js';
import { MassRefundJobs } from './mass-refund-jobs.js';
import { payloadOf } from './mass-refund-view.js';

type Decision = Parameters<ApprovalWaiter['decided']>[0];

const ACTOR = 'system:mass-refund';
const SUBJECT = 'massRefund-';

/** Starts what a second person agreed to. Idempotent per approval. */
@Injectable()
export class MassRefundApprovals implements ApprovalWaiter {
  readonly kinds = ['releaseOverride'] as const;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
    @Inject(MassRefundJobs) private readonly jobs: MassRefundJobs,
  ) {}

  async decided(decision: Decision): Promise<void> {
    const { approvalId, subject, tenant, checker, correlationId } = decision;
    const massRefundId = subject.slice(SUBJECT.length);
    if (!subject.startsWith(SUBJECT) || !isUuid(massRefundId)) return;
    const { state } = await this.store.load(massRefundAggregate, massRefundId);
    if (state.status !== 'requested' || state.tenant !== tenant || state.approvalId !== approvalId) return;
    const kind = decision.granted && (await this.#use(decision, state)) ? 'approve' : 'decline';
    const at = this.runtime.clock.now();
    const commandId = deriveUuid(UUID_NAMESPACES.command, massRefundId, 'decided');
    const context = { commandId, correlationId, actor: ACTOR, tenant, at };
    await this.store.run(massRefundAggregate, massRefundId, { kind, checker, at }, context);
    if (kind === 'approve') this.jobs.wake(state.massRefundId);
  }

  /** The grant may have expired meanwhile. */
  async #use({ approvalId, tenant, correlationId }: Decision, refund: KnownMassRefund): Promise<boolean> {
    const act = { tenant, payload: payloadOf(refund), useId: approvalId, correlationId };
    return (await this.approvals.use(approvalId, act)).accepted;
  }
}
