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
import { AdjustBill, type AdjustBillRejection, type BillView } from '../contract/index.js';
import type { BillRefusal } from '../domain/bill/index.js';
import { billViewOf } from './bill-view.js';
import { FORBIDDEN } from './forbidden.js';
import { assertReason } from './reason.js';

type AdjustOutcome = Outcome<BillView, AdjustBillRejection>;

/** A bursar puts a credit or debit note on a bill that still asks for something. */
@CommandHandler(AdjustBill)
export class AdjustBillHandler implements ICommandHandler<AdjustBill> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: AdjustBill): Promise<AdjustOutcome> {
    const { tenant, accountId, organisation, roles } = context.caller;
    const { idempotencyKey, billId, note, amount, feeItemId, reason } = input;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    if (amount.amount <= 0n) return INVALID_AMOUNT;
    if (!isUuid(billId)) return NOT_FOUND;
    const noteId = deriveUuid(
      UUID_NAMESPACES.entity,
      'note',
      tenant,
      accountId,
      'adjustBill',
      idempotencyKey,
    );
    const content = [note, amount.asset, String(amount.amount), feeItemId ?? '', reason];
    // The input is part of the id: another input under the same key is another command, and gets refused.
    const commandId = deriveUuid(UUID_NAMESPACES.command, noteId, ...content);
    const at = this.runtime.clock.now();
    const request = { operation: 'adjustBill', idempotencyKey, input: [billId, ...content] };
    const conflict = await claimKey({ store: this.store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const result = await this.store.run(
      billAggregate,
      billId,
      { kind: 'adjust', tenant, organisationId: organisation, noteId, note, amount, feeItemId, reason },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return { accepted: false, rejection: adjustRejection(result.rejection) };
    if (result.state.status === 'absent') return NOT_FOUND;
    return { accepted: true, value: billViewOf(result.state) };
  }
}

const NOT_FOUND: AdjustOutcome = {
  accepted: false,
  rejection: { code: 'BILL_NOT_FOUND', message: 'There is no such bill.' },
};

const INVALID_AMOUNT: AdjustOutcome = {
  accepted: false,
  rejection: {
    code: 'INVALID_AMOUNT',
    message: 'A note has an amount above zero.',
    path: ['input', 'amount'],
  },
};

function adjustRejection(rejection: BillRefusal): AdjustBillRejection {
  switch (rejection.code) {
    case 'BILL_NOT_FOUND':
    case 'BILL_ALREADY_PAID':
    case 'BILL_CANCELLED':
    case 'BILL_EXPIRED':
    case 'BILL_WRITTEN_OFF':
    case 'AMOUNT_EXCEEDS_OUTSTANDING':
    case 'UNKNOWN_FEE_ITEM':
    case 'IDEMPOTENCY_CONFLICT':
      return { ...rejection, code: rejection.code };
    default:
      throw new Error(`Adjusting a bill was refused with ${rejection.code}.`);
  }
}
