import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CaseId, CaseToOpen } from '#libs/cases/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { NotYetPossible } from '#libs/event-log/consumers/types.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid, type TenantId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { RetryPayout, type DeliveredPayout, type RetryPayoutRejectionCode } from '../../contract/payouts.js';
import { deliver } from './deliver.js';
import { payoutsOf, type Payout } from './payout.js';
import { partsOf, PayoutPorts } from './payout-ports.js';

const OPERATION = 'retryPayout';
const CONTRACT = 'contract-';

type Retried = Outcome<DeliveredPayout, Rejection<RetryPayoutRejectionCode>>;

/** Operations try once more to deliver a payout that a case is about, and the case ends with it. */
@CommandHandler(RetryPayout)
export class RetryPayoutHandler implements ICommandHandler<RetryPayout> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(PayoutPorts) private readonly ports: PayoutPorts,
  ) {}

  async execute({ context, input }: RetryPayout): Promise<Retried> {
    const { tenant, roles, organisation, accountId } = context.caller;
    if (!roles.includes('ops') || organisation !== undefined) {
      return refused('FORBIDDEN', 'Only operations try payouts again.');
    }
    const { idempotencyKey, caseId } = input;
    assertIdempotencyKey(idempotencyKey);
    const payout = await this.#payoutOf(tenant, caseId);
    if (!payout)
      return refused('PAYOUT_NOT_FOUND', 'There is no case of such a payout.', ['input', 'caseId']);
    const at = this.runtime.clock.now();
    const request = { operation: OPERATION, idempotencyKey, input: [caseId] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const reason = await this.#whyNot(payout, caseId);
    if (reason !== undefined) {
      const { rejection } = refused('PAYOUT_STILL_UNDELIVERABLE', `It is refused again: ${reason}.`);
      return { accepted: false, rejection: { ...rejection, details: { reason } } };
    }
    await this.ports.cases.note(caseId, {
      noteId: deriveUuid(UUID_NAMESPACES.command, OPERATION, tenant, accountId, idempotencyKey),
      tenant,
      text: 'Delivered.',
      resolved: true,
      correlationId: context.correlationId,
    });
    const { contractId, payoutId, role, amount } = payout;
    return { accepted: true, value: { caseId, contractId, payoutId, role, amount } };
  }

  /** As the contract's own event says, so that every step has the ids that it had the first time. */
  async #payoutOf(tenant: TenantId, caseId: CaseId): Promise<Payout | undefined> {
    const { cases, events } = this.ports;
    const found = await cases.find(tenant, caseId);
    if (found?.kind !== 'payoutUndeliverable' || !found.subject.startsWith(CONTRACT)) return undefined;
    const contractId = found.subject.slice(CONTRACT.length);
    if (!isUuid(contractId)) return undefined;
    const { payout, role } = found.facts;
    return (await this.store.history({ category: 'contract', events }, contractId))
      .filter(({ event }) => event.type === 'FundsReleased' || event.type === 'FundsRefunded')
      .flatMap(payoutsOf)
      .find((one) => one.tenant === tenant && one.payoutId === payout && one.role === role);
  }

  /** Of what the case is about; another part that cannot be delivered has a case of its own. */
  async #whyNot(payout: Payout, caseId: CaseId): Promise<string | undefined> {
    const parts = partsOf(this.store, this.runtime, this.ports);
    const told: CaseToOpen[] = [];
    const open = (toOpen: CaseToOpen, correlationId: string): Promise<void> => {
      told.push(toOpen);
      return this.ports.cases.open(toOpen, correlationId);
    };
    try {
      await deliver({ ...parts, cases: { open } }, payout);
    } catch (error) {
      if (error instanceof NotYetPossible) return 'CLOCK_REGRESSION';
      throw error;
    }
    return told.find((one) => one.caseId === caseId)?.facts['reason'];
  }
}

function refused<Code extends RetryPayoutRejectionCode>(
  code: Code,
  message: string,
  path?: readonly string[],
): { readonly accepted: false; readonly rejection: Rejection<Code> } {
  return { accepted: false, rejection: { code, message, ...(path && { path }) } };
}
