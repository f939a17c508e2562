import { Inject, Injectable } from '@nestjs/common';
import { APPROVALS, type Approvals, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { regionAggregate, regionStreamId } from '../../codec/language-aggregates.js';
import { payloadOf, regionSubject } from './set-regional-parameters.js';

type Decision = Parameters<ApprovalWaiter['decided']>[0];

const WAITER = 'system:regional-parameters';

/** Puts approved parameters into force, or drops them; again for the same decision: nothing happens. */
@Injectable()
export class RegionalParametersApproved implements ApprovalWaiter {
  readonly kinds = ['rateRule'] as const;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
  ) {}

  async decided({ approvalId, tenant, subject, granted, checker, correlationId }: Decision): Promise<void> {
    const prefix = regionSubject(tenant, '');
    if (!subject.startsWith(prefix)) return;
    const streamId = regionStreamId(tenant, subject.slice(prefix.length));
    const proposalId = asId<'regionProposal'>(approvalId);
    const { state } = await this.store.load(regionAggregate, streamId);
    const proposal = state.proposals.get(proposalId);
    if (!proposal?.pending) return;
    const payload = payloadOf({ tenant, proposalId, set: proposal.set });
    const use = { tenant, payload, useId: approvalId, correlationId };
    const valid = granted && (await this.approvals.use(approvalId, use)).accepted;
    const kind = valid ? 'approve' : 'decline';
    const at = this.runtime.clock.now();
    const commandId = deriveUuid(UUID_NAMESPACES.command, proposalId, kind);
    await this.store.run(
      regionAggregate,
      streamId,
      { kind, proposalId, checker: checker.accountId, today: localDateOf(at), at },
      { commandId, correlationId, actor: WAITER, tenant, at },
    );
  }
}
