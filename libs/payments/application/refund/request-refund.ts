import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid, type OrganisationId, type RefundId } from '#libs/kernel/ids/index.js';
import { paymentAggregate, refundAggregate } from '../../codec/index.js';
import { RequestRefund, type RefundView, type RequestRefundRejectionCode } from '../../contract/refunds.js';
import { refundableOf, type CapturedPayment } from '../../domain/payment/index.js';
import type { RefundLine } from '../../domain/refund/index.js';
import { askForRefund, assertReason, inputOfLines, organisationOf, refundIdOf } from './ask-for-refund.js';
import { RefundProcess } from './refund-process.js';
import { refundViewOf } from './refund-view.js';

type Lines = Outcome<readonly RefundLine[], Rejection<RequestRefundRejectionCode>>;
type RequestOutcome = Outcome<RefundView, Rejection<RequestRefundRejectionCode>>;

/** Gives money of a captured payment back to the payer. */
@CommandHandler(RequestRefund)
export class RequestRefundHandler implements ICommandHandler<RequestRefund> {
  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async execute({ context, input }: RequestRefund): Promise<RequestOutcome> {
    const { idempotencyKey, paymentId, reason } = input;
    const organisationId = organisationOf(context.caller);
    if (organisationId === undefined) return refused('FORBIDDEN', 'The caller may not refund here.');
    assertReason(reason);
    const refundId = refundIdOf(context.caller, 'requestRefund', idempotencyKey);
    if (!isUuid(paymentId)) return NOT_FOUND;
    const { state: payment } = await this.process.parts.store.load(paymentAggregate, paymentId);
    // Not yours looks exactly like not found.
    if (payment.status === 'absent' || payment.tenant !== context.caller.tenant) return NOT_FOUND;
    if (payment.status !== 'captured') {
      if (payment.organisationId !== organisationId) return NOT_FOUND;
      return refused('PAYMENT_NOT_CAPTURED', 'Only money that was taken can go back.');
    }
    if (!payment.paidBills.some((bill) => bill.organisationId === organisationId)) return NOT_FOUND;
    if (payment.funding) {
      return refused('REFUND_THROUGH_CONTRACT', 'The money lies in a contract and comes back through it.');
    }
    const lines = await this.#linesOf(refundId, payment, organisationId, input.lines);
    if (!lines.accepted) return lines;
    const asked = await askForRefund(this.process, {
      context,
      organisationId,
      operation: 'requestRefund',
      idempotencyKey,
      refundKind: 'refund',
      payment,
      lines: lines.value,
      input: ['refund', paymentId, inputOfLines(input.lines), reason],
      reason,
    });
    if (!asked.accepted)
      return refused(asked.rejection.code, asked.rejection.message, ['input', 'idempotencyKey']);
    const refund = asked.value;
    if (refund.status === 'rejected' && refund.by === 'payment') {
      return refused('REFUND_EXCEEDS_PAYMENT', refund.why, ['input', 'lines']);
    }
    return { accepted: true, value: refundViewOf(refund, payment.tender.channel) };
  }

  /** The lines asked for, checked; or all that can still go back. A request that is known already keeps its own. */
  async #linesOf(
    refundId: RefundId,
    payment: CapturedPayment,
    organisationId: OrganisationId,
    asked: RequestRefund['input']['lines'],
  ): Promise<Lines> {
    const own = payment.paidBills.filter((bill) => bill.organisationId === organisationId);
    if (asked) {
      for (const [index, { billId, amount }] of asked.entries()) {
        const path = ['input', 'lines', String(index)];
        if (!own.some((bill) => bill.billId === billId)) {
          return refused('BILL_NOT_FOUND', 'The payment has paid no such bill.', path);
        }
        if (amount.asset !== payment.total.asset || amount.amount <= 0n) {
          return refused('INVALID_AMOUNT', 'An amount to give back is above zero.', [...path, 'amount']);
        }
      }
      if (asked.length > 0) return { accepted: true, value: asked };
      return refused('INVALID_AMOUNT', 'A refund names at least one bill.', ['input', 'lines']);
    }
    const { state } = await this.process.parts.store.load(refundAggregate, refundId);
    if (state.status !== 'absent') return { accepted: true, value: state.lines };
    const lines = own
      .map(({ billId }) => ({ billId, amount: refundableOf(payment, billId) }))
      .filter(({ amount }) => amount.amount > 0n);
    if (lines.length > 0) return { accepted: true, value: lines };
    return refused('REFUND_EXCEEDS_PAYMENT', 'Everything has gone back already.', ['input', 'paymentId']);
  }
}

function refused(
  code: RequestRefundRejectionCode,
  message: string,
  path?: readonly string[],
): Outcome<never, Rejection<RequestRefundRejectionCode>> {
  return { accepted: false, rejection: path ? { code, message, path } : { code, message } };
}

const NOT_FOUND = refused('PAYMENT_NOT_FOUND', 'There is no such payment.', ['input', 'paymentId']);
