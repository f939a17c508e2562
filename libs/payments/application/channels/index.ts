import { assertNever, type Outcome } from '#libs/kernel/errors/index.js';
import type {
  CapturedPayment,
  Failure,
  InitiatedPayment,
  RefusedPayment,
  Tender,
} from '../../domain/payment/index.js';
import { advanceChannel } from './advance.js';
import { cashChannel, handedOver } from './counter.js';
import { nothingToDo, type ChannelStep, type PaymentChannel } from './port.js';
import { walletChannel } from './wallet.js';

/** Makes sure of the money of a payment that needs no institution outside. */
export function authoriseTender(step: ChannelStep<InitiatedPayment>): Promise<Outcome<undefined, Failure>> {
  return withChannel(step.payment.tender, (channel, tender) => channel.authorise(step, tender));
}

export function settleTender(step: ChannelStep<CapturedPayment>): Promise<void> {
  return withChannel(step.payment.tender, (channel, tender) => channel.capture(step, tender));
}

export function cancelTender(step: ChannelStep<RefusedPayment>): Promise<void> {
  return withChannel(step.payment.tender, (channel, tender) => channel.cancel(step, tender));
}

/** An institution that was asked is asked again before a payment is refused (`outside.ts`); after that nothing is owed to it. */
const institution: PaymentChannel<Extract<Tender, { channel: 'operator' | 'transfer' }>> = {
  authorise: () => Promise.reject(new Error('An institution is asked, not held.')),
  capture: nothingToDo,
  cancel: nothingToDo,
};

function withChannel<Result>(
  tender: Tender,
  use: <Kind extends Tender>(channel: PaymentChannel<Kind>, tender: Kind) => Result,
): Result {
  switch (tender.channel) {
    case 'wallet':
      return use(walletChannel, tender);
    case 'cash':
      return use(cashChannel, tender);
    case 'advance':
      return use(advanceChannel, tender);
    case 'cheque':
    case 'pos':
    case 'offline':
    case 'suspense':
      return use(handedOver, tender);
    case 'operator':
    case 'transfer':
      return use(institution, tender);
    default:
      return assertNever(tender, 'tender');
  }
}
