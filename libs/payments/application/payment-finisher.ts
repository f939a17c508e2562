import { Inject, Injectable } from '@nestjs/common';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { OPEN_PAYMENTS, type OpenPayment, type OpenPaymentList } from '../domain/payment/index.js';
import { PaymentProcess, type FinishedPayment } from './pay-bills/payment-process.js';
import { DONE, Sweeper, type Swept } from '#libs/event-log/consumers/sweeper.js';

const FINISHER = 'system:payment-finisher';

/**
 * Finishes payments that were left behind, with the very steps of the request path, and asks the institution about every
 * payment that waits for it.
 */
@Injectable()
export class PaymentFinisher extends Sweeper<OpenPayment> {
  constructor(
    @Inject(OPEN_PAYMENTS) open: OpenPaymentList,
    @Inject(PaymentProcess) process: PaymentProcess,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) runtime: Runtime,
  ) {
    const work = {
      name: 'payment',
      view: 'payments',
      idleSince: (...args: Parameters<OpenPaymentList['idleSince']>) => open.idleSince(...args),
      idOf: ({ paymentId }: OpenPayment) => paymentId,
      async finish(id: string) {
        const mover = { actor: FINISHER, correlationId: id };
        const finished = await process.finishLeftBehind(asId<'payment'>(id), mover);
        return finished ? sweptOf(finished.payment) : DONE;
      },
    };
    super(work, consumers, runtime);
  }
}

/** Why a payment that met no fault has not come to its end. */
function sweptOf(payment: FinishedPayment['payment']): Swept {
  switch (payment.status) {
    case 'authorising': {
      const { expiresAt } = payment.authorisation;
      return { done: false, reason: `The institution has not answered yet; it may until ${expiresAt}.` };
    }
    case 'unknown':
      return { done: false, reason: payment.reason };
    case 'failed':
      if (!payment.lateSuccess || payment.lateSuccess.status === 'settled') return DONE;
      return { done: false, reason: 'Money that came in late is on its way back to the payer.' };
    case 'captured':
      return DONE;
  }
}
