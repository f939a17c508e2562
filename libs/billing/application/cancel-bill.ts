import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../codec/index.js';
import { CancelBill, type BillView, type CancelBillRejection } from '../contract/index.js';
import type { BillRefusal } from '../domain/bill/index.js';
import { billViewOf } from './bill-view.js';
import { FORBIDDEN } from './forbidden.js';
import { assertReason } from './reason.js';

/** A bursar withdraws a bill on which nothing was paid. */
@CommandHandler(CancelBill)
export class CancelBillHandler implements ICommandHandler<CancelBill> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: CancelBill): Promise<Outcome<BillView, CancelBillRejection>> {
    const { tenant, accountId, organisation, roles } = context.caller;
    const { idempotencyKey, billId, reason } = input;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    if (!isUuid(billId)) return NOT_FOUND;
    const scope = ['cancelBill', tenant, accountId, idempotencyKey] as const;
    const requestId = deriveUuid(UUID_NAMESPACES.command, ...scope);
    const at = this.runtime.clock.now();
    const request = { operation: 'cancelBill', idempotencyKey, input: [billId, reason] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const result = await this.store.run(
      billAggregate,
      billId,
      { kind: 'cancel', tenant, organisationId: organisation, reason, requestId },
      commandContext(context, requestId, at),
    );
    if (!result.accepted) return { accepted: false, rejection: cancelRejection(result.rejection) };
    if (result.state.status === 'absent') return NOT_FOUND;
    return { accepted: true, value: billViewOf(result.state) };
  }
}

const NOT_FOUND: Outcome<never, CancelBillRejection> = {
  accepted: false,
  rejection: { code: 'BILL_NOT_FOUND', message: 'There is no such bill.' },
};

function cancelRejection(rejection: BillRefusal): CancelBillRejection {
  switch (rejection.code) {
    case 'BILL_NOT_FOUND':
    case 'BILL_ALREADY_PAID':
    case 'BILL_RESERVED':
    case 'BILL_CANCELLED':
    case 'BILL_EXPIRED':
    case 'BILL_WRITTEN_OFF':
      return { ...rejection, code: rejection.code };
    default:
      throw new Error(`Cancelling a bill was refused with ${rejection.code}.`);
  }
}
