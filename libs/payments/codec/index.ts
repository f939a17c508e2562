import type { EventSet } from '#libs/event-log/codec/types.js';
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
  type IssueReceipts,
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
import { paymentEvents } from './payment-events.js';
import { receiptEvents } from './receipt-events.js';
import { walletEvents } from './wallet-events.js';

export { paymentEvents, receiptEvents, walletEvents };

/** `payment-<id>` */
export const paymentAggregate: Aggregate<PaymentCommand, PaymentState, PaymentEvent, PaymentRefusal> = {
  category: 'payment',
  decider: paymentDecider,
  events: paymentEvents,
};

/** `wallet-<id>` */
export const walletAggregate: Aggregate<WalletCommand, WalletState, WalletEvent, WalletRefusal> = {
  category: 'wallet',
  decider: walletDecider,
  events: walletEvents,
};

/** `receiptBook-<organisation>-<series>` */
export const receiptBookAggregate: Aggregate<
  IssueReceipts,
  ReceiptBookState,
  ReceiptBookEvent,
  ReceiptBookRefusal
> = { category: 'receiptBook', decider: receiptBookDecider, events: receiptEvents };

/** Everything payments stores, for the catalogue of a program. */
export const paymentsEventSets: readonly EventSet[] = [
  paymentEvents as unknown as EventSet,
  walletEvents as unknown as EventSet,
  receiptEvents as unknown as EventSet,
];
