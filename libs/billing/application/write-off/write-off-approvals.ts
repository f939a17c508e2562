import { Inject, Injectable } from '@nestjs/common';
import { APPROVALS, type Approvals, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../../codec/index.js';
import type { BillCommand } from '../../domain/bill/index.js';
import { payloadOf } from './payload.js';

type Decision = Parameters<ApprovalWaiter['decided']>[0];

const ACTOR = 'system:write-off';
const SUBJECT = 'bill-';

/** Does what a second person agreed to, or takes the request off the bill. Idempotent per approval. */
@Injectable()
export class WriteOffApprovals implements ApprovalWaiter {
  readonly kinds = ['writeOff'] as const;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
  ) {}

  async decided(decision: Decision): Promise<void> {
    const { approvalId, subject } = decision;
    if (!subject.startsWith(SUBJECT)) return;
    const billId = subject.slice(SUBJECT.length);
    const { state } = await this.store.load(billAggregate, billId);
    if (state.status === 'absent' || state.tenant !== decision.tenant) return;
    const request = state.writeOffs.find((known) => known.approvalId === approvalId);
    if (request?.outcome !== 'pending') return;
    const isUsable = decision.granted && (await this.#use(decision, payloadOf(state, request)));
    await this.#run(decision, billId, { kind: isUsable ? 'writeOff' : 'refuseWriteOff', approvalId });
  }

  /** The grant may have expired meanwhile. */
  async #use(
    { approvalId, tenant, correlationId }: Decision,
    payload: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const act = { tenant, payload, useId: approvalId, correlationId };
    return (await this.approvals.use(approvalId, act)).accepted;
  }

  async #run(decision: Decision, billId: string, command: BillCommand): Promise<void> {
    const { approvalId, tenant, correlationId } = decision;
    const commandId = deriveUuid(UUID_NAMESPACES.command, approvalId, command.kind);
    const at = this.runtime.clock.now();
    const context = { commandId, correlationId, actor: ACTOR, tenant, at };
    const result = await this.store.run(billAggregate, billId, command, context);
    if (!result.accepted) throw new Error(`Bill ${billId} refused a write-off: ${result.rejection.code}.`);
  }
}
