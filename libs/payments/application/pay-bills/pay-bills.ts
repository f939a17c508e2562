import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { BillId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { paymentAggregate } from '../../codec/index.js';
import { PayBills, type PaymentView, type PayBillsRejectionCode } from '../../contract/index.js';
import type { Failure } from '../../domain/payment/index.js';
import { commandIdOf } from './parts.js';
import { paymentViewOf } from './payment-view.js';
import { PaymentProcess, type FinishedPayment } from './payment-process.js';
import { readRequest } from './read-request.js';

type PayOutcome = Outcome<PaymentView, Rejection<PayBillsRejectionCode>>;

/**
 * Pays bills. Reads top to bottom: check the request → initiate the payment (from here on it is durable and will be
 * finished, by this request or by the finisher) → run its steps → answer what became of it.
 */
@CommandHandler(PayBills)
export class PayBillsHandler implements ICommandHandler<PayBills> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(PaymentProcess) private readonly process: PaymentProcess,
  ) {}

  async execute({ context, input }: PayBills): Promise<PayOutcome> {
    const at = this.runtime.clock.now();
    const read = readRequest(context.caller, input, at);
    if (!read.accepted) return read;
    const request = read.value;
    const { paymentId, inputHash } = request;
    const initiated = await this.store.run(
      paymentAggregate,
      paymentId,
      { kind: 'initiate', ...request },
      // The input is part of the id: another input under the same key is another command, and gets refused.
      commandContext(context, commandIdOf(paymentId, 'initiate', inputHash), at),
    );
    if (!initiated.accepted)
      return refusedWith({ ...initiated.rejection, path: ['input', 'idempotencyKey'] });
    if (initiated.state.status === 'absent') throw new Error('An initiated payment is not in the log.');
    const mover = { actor: context.caller.accountId, correlationId: context.correlationId };
    return this.#answer(await this.process.finish(initiated.state, mover, 'asked'));
  }

  async #answer(finished: FinishedPayment): Promise<PayOutcome> {
    if (!('receipts' in finished)) return refusedWith(finished.payment.failure);
    const { payment, receipts } = finished;
    const payerNames = finished.payerNames ?? (await this.#payerNames(payment.paidBills));
    return { accepted: true, value: paymentViewOf(payment, receipts, payerNames) };
  }

  #payerNames(bills: readonly { readonly billId: BillId }[]): Promise<ReadonlyMap<BillId, string | null>> {
    return this.bills.payerNames(bills.map(({ billId }) => billId));
  }
}

/** Failures carry public codes only: the steps translate every other refusal. */
function refusedWith({ code, message, path, details }: Failure): PayOutcome {
  const rejection = { code: code as PayBillsRejectionCode, message, path, details };
  return { accepted: false, rejection };
}
