import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  payerCodeDecider,
  type PayerCodeRefusal,
  type PayerCodeShown,
  type PayerCodeState,
  type ShowPayerCode,
} from '../domain/payer-code/index.js';
import {
  paymentLinkDecider,
  type PaymentLinkCommand,
  type PaymentLinkEvent,
  type PaymentLinkRefusal,
  type PaymentLinkState,
} from '../domain/payment-link/index.js';
import {
  qrCodeDecider,
  type QrCodeCommand,
  type QrCodeEvent,
  type QrCodeRefusal,
  type QrCodeState,
} from '../domain/qr-code/index.js';
import { payerCodeEvents, paymentLinkEvents, qrCodeEvents } from './qr-events.js';

/** `qrCode-<id>` */
export const qrCodeAggregate: Aggregate<QrCodeCommand, QrCodeState, QrCodeEvent, QrCodeRefusal> = {
  category: 'qrCode',
  decider: qrCodeDecider,
  events: qrCodeEvents,
};

/** `payerCode-<id>` */
export const payerCodeAggregate: Aggregate<ShowPayerCode, PayerCodeState, PayerCodeShown, PayerCodeRefusal> =
  { category: 'payerCode', decider: payerCodeDecider, events: payerCodeEvents };

/** `paymentLink-<id>` */
export const paymentLinkAggregate: Aggregate<
  PaymentLinkCommand,
  PaymentLinkState,
  PaymentLinkEvent,
  PaymentLinkRefusal
> = { category: 'paymentLink', decider: paymentLinkDecider, events: paymentLinkEvents };

export const qrEventSets: readonly EventSet[] = [
  qrCodeEvents as unknown as EventSet,
  payerCodeEvents as unknown as EventSet,
  paymentLinkEvents as unknown as EventSet,
];
