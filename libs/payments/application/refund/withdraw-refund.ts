import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { WithdrawRefund, type RefundView, type WithdrawRefundRejectionCode } from '../../contract/refunds.js';
import { refundAggregate } from '../../codec/index.js';
import { assertReason, organisationOf } from './ask-for-refund.js';
import { isHandedOut } from './confirm-refund.js';
import { ownRefund } from './own-refund.js';
import { contextOf } from './parts.js';
import { RefundProcess } from './refund-process.js';
import { refundViewOf } from './refund-view.js';

type WithdrawOutcome = Outcome<RefundView, Rejection<WithdrawRefundRejectionCode>>;

/** Whoever asked for the refund calls it off while nothing has left: what is to be handed out, until it is. */
@CommandHandler(WithdrawRefund)
export class WithdrawRefundHandler implements ICommandHandler<WithdrawRefund> {
  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async execute({ context, input }: WithdrawRefund): Promise<WithdrawOutcome> {
    const { caller, correlationId } = context;
    const { idempotencyKey, refundId, reason } = input;
    if (organisationOf(caller) === undefined) return refused('FORBIDDEN', 'The caller may not do this here.');
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    const own = await ownRefund(this.process, caller, refundId);
    if (!own || own.refund.maker.personId !== caller.personId) {
      return refused('REFUND_NOT_FOUND', 'There is no such refund of yours.');
    }
    const { refund, payment } = own;
    const mover = { actor: caller.accountId, correlationId };
    const { parts } = this.process;
    const at = parts.runtime.clock.now();
    const result = await parts.store.run(
      refundAggregate,
      refundId,
      {
        kind: 'reject',
        by: 'maker',
        ...(isHandedOut(payment.tender) && { inHand: true }),
        code: 'WITHDRAWN',
        reason,
        at,
      },
      contextOf(parts, refund, mover, ['reject', `maker ${refund.status}`]),
    );
    if (!result.accepted) {
      const { code, message } = result.rejection;
      return refused(code === 'REFUND_SENT' ? 'REFUND_SENT' : 'REFUND_ENDED', message);
    }
    const finished = (await this.process.finish(refundId, mover)) ?? refund;
    return { accepted: true, value: refundViewOf(finished, payment.tender.channel) };
  }
}

function refused(code: WithdrawRefundRejectionCode, message: string): WithdrawOutcome {
  return { accepted: false, rejection: { code, message } };
}
