import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { paymentAggregate } from '../../codec/index.js';
import {
  DishonourCheque,
  type DishonourChequeRejectionCode,
  type RefundView,
} from '../../contract/refunds.js';
import { assertReason, organisationOf } from './ask-for-refund.js';
import { RefundProcess } from './refund-process.js';
import { refundViewOf } from './refund-view.js';
import { askToVoid } from './void-request.js';

type DishonourOutcome = Outcome<RefundView, Rejection<DishonourChequeRejectionCode>>;

/** The bank did not honour a cheque: what it paid is open again. */
@CommandHandler(DishonourCheque)
export class DishonourChequeHandler implements ICommandHandler<DishonourCheque> {
  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async execute({ context, input }: DishonourCheque): Promise<DishonourOutcome> {
    const { paymentId, reason, idempotencyKey } = input;
    const organisationId = organisationOf(context.caller);
    if (organisationId === undefined) return refused('FORBIDDEN', 'The caller may not do this here.');
    assertReason(reason);
    if (!isUuid(paymentId)) return NOT_FOUND;
    const { state } = await this.process.parts.store.load(paymentAggregate, paymentId);
    const own =
      state.status === 'captured' &&
      state.tenant === context.caller.tenant &&
      state.paidBills.some((bill) => bill.organisationId === organisationId);
    if (!own) return NOT_FOUND;
    if (state.funding) {
      return refused('REFUND_THROUGH_CONTRACT', 'The money lies in a contract and comes back through it.');
    }
    if (state.tender.channel !== 'cheque') return refused('NOT_A_CHEQUE', 'The payment was not by cheque.');
    const asked = await askToVoid(this.process, {
      context,
      organisationId,
      operation: 'dishonourCheque',
      refundKind: 'dishonour',
      paymentId,
      idempotencyKey,
      input: ['dishonour', paymentId, reason],
      reason,
    });
    if (asked.accepted) return { accepted: true, value: refundViewOf(asked.value, asked.value.channel) };
    return refused(asked.rejection.code, asked.rejection.message);
  }
}

function refused(code: DishonourChequeRejectionCode, message: string): DishonourOutcome {
  return { accepted: false, rejection: { code, message } };
}

const NOT_FOUND = refused('PAYMENT_NOT_FOUND', 'There is no such payment.');
