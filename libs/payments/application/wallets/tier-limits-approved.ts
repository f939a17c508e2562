import { Inject, Injectable } from '@nestjs/common';
import { APPROVALS, type Approvals, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletTiersAggregate } from '../../codec/index.js';
import { payloadOf } from './set-tier-limits.js';

type Decision = Parameters<ApprovalWaiter['decided']>[0];

const WAITER = 'system:wallet-limits';

/** Puts approved limits into force, or drops them; again for the same decision: nothing happens. */
@Injectable()
export class TierLimitsApproved implements ApprovalWaiter {
  readonly kinds = ['walletLimits'] as const;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
  ) {}

  async decided({ approvalId, tenant, granted, checker, correlationId }: Decision): Promise<void> {
    const proposalId = asId<'limitProposal'>(approvalId);
    const { state } = await this.store.load(walletTiersAggregate, tenant);
    const proposal = state.proposals.get(proposalId);
    if (!proposal?.pending) return;
    const valid =
      granted && (await this.#use({ approvalId, tenant, correlationId }, payloadOf(tenant, proposal)));
    const kind = valid ? 'approve' : 'decline';
    const at = this.runtime.clock.now();
    const commandId = deriveUuid(UUID_NAMESPACES.command, proposalId, kind);
    await this.store.run(
      walletTiersAggregate,
      tenant,
      { kind, proposalId, checker: checker.accountId, today: localDateOf(at), at },
      { commandId, correlationId, actor: WAITER, tenant, at },
    );
  }

  async #use(
    { approvalId, tenant, correlationId }: Pick<Decision, 'approvalId' | 'tenant' | 'correlationId'>,
    payload: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const use = { tenant, payload, useId: approvalId, correlationId };
    return (await this.approvals.use(approvalId, use)).accepted;
  }
}
