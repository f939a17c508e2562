import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { CancelPayment, type PaymentView } from '../../contract/index.js';
import { paymentAggregate } from '../../codec/index.js';
import type { KnownPayment } from '../../domain/payment/index.js';
import { CANCELLED, callOff } from '../channels/outside.js';
import { refuse } from './capture.js';
import type { Mover } from './parts.js';
import { PaymentDesk } from './payment-desk.js';
import { PaymentProcess } from './payment-process.js';
import { alarmOfUnknown } from './unknown-too-long.js';

type CancelOutcome = Outcome<PaymentView, Rejection<'PAYMENT_NOT_FOUND'>>;

/**
 * Calls a payment off while an institution has not answered. The institution bars it first; when it has succeeded
 * meanwhile the payment is captured, and the answer says so.
 */
@CommandHandler(CancelPayment)
export class CancelPaymentHandler implements ICommandHandler<CancelPayment> {
  constructor(
    @Inject(PaymentProcess) private readonly process: PaymentProcess,
    @Inject(PaymentDesk) private readonly desk: PaymentDesk,
  ) {}

  async execute({ context, input }: CancelPayment): Promise<CancelOutcome> {
    assertIdempotencyKey(input.idempotencyKey);
    const { caller, correlationId } = context;
    const payment = isUuid(input.paymentId) ? await this.#payment(input.paymentId) : undefined;
    if (payment?.tenant !== caller.tenant || payment.account !== caller.accountId) {
      return {
        accepted: false,
        rejection: { code: 'PAYMENT_NOT_FOUND', message: 'There is no such payment.' },
      };
    }
    const mover = { actor: caller.accountId, correlationId };
    const decided = await this.#callOff(payment, mover);
    if (payment.status === 'unknown') await alarmOfUnknown(this.process.parts, payment, decided, mover);
    const finished = await this.process.news(decided, mover);
    return { accepted: true, value: await this.desk.viewOf(finished) };
  }

  async #payment(paymentId: string): Promise<KnownPayment | undefined> {
    const { state } = await this.process.parts.store.load(paymentAggregate, paymentId);
    return state.status === 'absent' ? undefined : state;
  }

  async #callOff(payment: KnownPayment, mover: Mover): Promise<KnownPayment> {
    const { parts } = this.process;
    switch (payment.status) {
      case 'initiated': {
        // Not asked yet: refusing it here keeps it from being asked, unless its request is faster.
        const after = await refuse(parts, payment, mover, CANCELLED);
        const awaits = after.status === 'authorising' || after.status === 'unknown';
        return awaits ? callOff(parts, after, mover) : after;
      }
      case 'authorising':
      case 'unknown':
        return callOff(parts, payment, mover);
      case 'authorised':
      case 'refused':
      case 'captured':
      case 'failed':
        return payment;
    }
  }
}
