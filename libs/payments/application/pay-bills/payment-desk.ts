import { Inject, Injectable } from '@nestjs/common';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { paymentAggregate } from '../../codec/index.js';
import type { PaymentView, PayBillsRejectionCode } from '../../contract/index.js';
import type { Failure, PaymentRequest } from '../../domain/payment/index.js';
import { commandIdOf } from './parts.js';
import { PaymentProcess, type FinishedPayment } from './payment-process.js';
import { paymentViewOf } from './payment-view.js';
import { pricedRequest } from './priced-request.js';
import { readRequest, type DeskInput } from './read-request.js';

export type PayOutcome = Outcome<PaymentView, Rejection<PayBillsRejectionCode>>;

/**
 * Where payments begin, for clients (`PayBills`) and for our own processes whose payer is not there. It asks for no role:
 * whoever calls it has checked that this payer's money may be used like this.
 */
@Injectable()
export class PaymentDesk {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(PaymentProcess) private readonly process: PaymentProcess,
  ) {}

  /** Check the request → initiate (from here on it is durable and will be finished) → run its steps → answer what became of it. */
  async pay(context: RequestContext, input: DeskInput): Promise<PayOutcome> {
    const read = readRequest(context.caller, input, this.runtime.clock.now());
    if (!read.accepted) return read;
    const priced = await pricedRequest({ store: this.store, bills: this.bills }, read.value, input.quoteId);
    return priced.accepted ? this.begin(context, priced.value) : priced;
  }

  async begin(context: RequestContext, request: PaymentRequest): Promise<PayOutcome> {
    const { paymentId, inputHash, initiatedAt } = request;
    // The input is part of the id: another input under the same key is another command, and gets refused.
    const commandId = commandIdOf(paymentId, 'initiate', inputHash);
    const initiated = await this.store.run(
      paymentAggregate,
      paymentId,
      { kind: 'initiate', ...request },
      { ...commandContext(context, commandId, initiatedAt), replayEvents: false },
    );
    if (!initiated.accepted)
      return refusedWith({ ...initiated.rejection, path: ['input', 'idempotencyKey'] });
    if (initiated.state.status === 'absent') throw new Error('An initiated payment is not in the log.');
    const mover = { actor: context.caller.accountId, correlationId: context.correlationId };
    const finished = await this.process.finish(initiated.state, mover, 'asked');
    if (finished.payment.status === 'failed') return refusedWith(finished.payment.failure);
    return { accepted: true, value: await this.viewOf(finished) };
  }

  async viewOf(finished: FinishedPayment): Promise<PaymentView> {
    if (!('receipts' in finished)) return paymentViewOf(finished.payment, [], new Map());
    const { payment, receipts } = finished;
    const names =
      finished.payerNames ?? (await this.bills.payerNames(payment.paidBills.map(({ billId }) => billId)));
    return paymentViewOf(payment, receipts, names);
  }
}

/** Failures carry public codes only: the steps translate every other refusal. */
function refusedWith({ code, message, path, details }: Failure): PayOutcome {
  const rejection = { code: code as PayBillsRejectionCode, message, path, details };
  return { accepted: false, rejection };
}
