import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { payerCodeDecider } from '../domain/payer-code/index.js';
import { paymentLinkDecider } from '../domain/payment-link/index.js';
import { qrCodeDecider } from '../domain/qr-code/index.js';
import { payerCodeEvents, paymentLinkEvents, qrCodeEvents } from './qr-events.js';

goldenSamples(qrCodeEvents, {
  fold: (event) => event.type === 'QrCodeIssued' && fold(qrCodeDecider, [event]),
});
goldenSamples(payerCodeEvents, { fold: (event) => fold(payerCodeDecider, [event]) });
goldenSamples(paymentLinkEvents, {
  fold: (event) => event.type === 'PaymentLinkIssued' && fold(paymentLinkDecider, [event]),
});
