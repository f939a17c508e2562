import type { EventSet } from '#libs/event-log/codec/types.js';
import { requestEventSet } from '#libs/event-log/runner/request-register.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  paymentDecider,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentRefusal,
  type PaymentState,
} from '../domain/payment/index.js';
import {
  receiptBookDecider,
  type ReceiptBookCommand,
  type ReceiptBookEvent,
  type ReceiptBookRefusal,
  type ReceiptBookState,
} from '../domain/receipt-book/index.js';
import {
  walletDecider,
  type WalletCommand,
  type WalletEvent,
  type WalletRefusal,
  type WalletState,
} from '../domain/wallet/index.js';
import {
  mandateDecider,
  type MandateCommand,
  type MandateEvent,
  type MandateRefusal,
  type MandateState,
} from '../domain/mandate/index.js';
import {
  refundDecider,
  type RefundCommand,
  type RefundEvent,
  type RefundRefusal,
  type RefundState,
} from '../domain/refund/index.js';
import {
  advanceDecider,
  type AdvanceCommand,
  type AdvanceEvent,
  type AdvanceRefusal,
  type AdvanceState,
} from '../domain/advance/index.js';
import {
  quoteDecider,
  type GiveQuote,
  type QuoteGiven,
  type QuoteRefusal,
  type QuoteState,
} from '../domain/quote/index.js';
import { advanceEvents } from './advance-events.js';
import { contractOriginEventSets } from './contract-origin-events.js';
import { mandateEvents } from './mandate-events.js';
import { paymentEvents } from './payment-events.js';
import { quoteEvents } from './quote-events.js';
import { qrEventSets } from './qr-aggregates.js';
import { receiptEvents } from './receipt-events.js';
import { refundEvents } from './refund-events.js';
import { walletSideEventSets } from './wallet-aggregates.js';
import { walletEvents } from './wallet-events.js';

export {
  advanceEvents,
  mandateEvents,
  paymentEvents,
  quoteEvents,
  receiptEvents,
  refundEvents,
  walletEvents,
};
export * from './wallet-aggregates.js';
export { contractOriginEvents, contractOriginsAggregate } from './contract-origin-events.js';

/** `payment-<id>` */
export const paymentAggregate: Aggregate<PaymentCommand, PaymentState, PaymentEvent, PaymentRefusal> = {
  category: 'payment',
  decider: paymentDecider,
  events: paymentEvents,
};

/** `advance-<id>` */
export const advanceAggregate: Aggregate<AdvanceCommand, AdvanceState, AdvanceEvent, AdvanceRefusal> = {
  category: 'advance',
  decider: advanceDecider,
  events: advanceEvents,
};

/** `quote-<id>` */
export const quoteAggregate: Aggregate<GiveQuote, QuoteState, QuoteGiven, QuoteRefusal> = {
  category: 'quote',
  decider: quoteDecider,
  events: quoteEvents,
};

/** `wallet-<id>` */
export const walletAggregate: Aggregate<WalletCommand, WalletState, WalletEvent, WalletRefusal> = {
  category: 'wallet',
  decider: walletDecider,
  events: walletEvents,
};

/** `mandate-<id>` */
export const mandateAggregate: Aggregate<MandateCommand, MandateState, MandateEvent, MandateRefusal> = {
  category: 'mandate',
  decider: mandateDecider,
  events: mandateEvents,
};

/** `refund-<id>` */
export const refundAggregate: Aggregate<RefundCommand, RefundState, RefundEvent, RefundRefusal> = {
  category: 'refund',
  decider: refundDecider,
  events: refundEvents,
};

/** `receiptBook-<organisation>-<series>` */
export const receiptBookAggregate: Aggregate<
  ReceiptBookCommand,
  ReceiptBookState,
  ReceiptBookEvent,
  ReceiptBookRefusal
> = { category: 'receiptBook', decider: receiptBookDecider, events: receiptEvents };

/** Everything payments stores, for the catalogue of a program. */
export const paymentsEventSets: readonly EventSet[] = [
  requestEventSet,
  paymentEvents as unknown as EventSet,
  advanceEvents as unknown as EventSet,
  quoteEvents as unknown as EventSet,
  walletEvents as unknown as EventSet,
  receiptEvents as unknown as EventSet,
  ...walletSideEventSets,
  refundEvents as unknown as EventSet,
  mandateEvents as unknown as EventSet,
  ...qrEventSets,
  ...contractOriginEventSets,
];
