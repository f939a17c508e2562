import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { paymentDecider } from '../domain/payment/index.js';
import { walletDecider } from '../domain/wallet/index.js';
import { advanceDecider } from '../domain/advance/index.js';
import { quoteDecider } from '../domain/quote/index.js';
import { advanceEvents, paymentEvents, quoteEvents, receiptEvents, walletEvents } from './index.js';

// What begins a stream stands alone; the samples of later events are checked for their shape.
goldenSamples(paymentEvents, {
  fold: (event) => event.type === 'PaymentInitiated' && fold(paymentDecider, [event]),
});
goldenSamples(walletEvents, {
  fold: (event) => event.type === 'WalletOpened' && fold(walletDecider, [event]),
});
goldenSamples(receiptEvents);
goldenSamples(advanceEvents, {
  fold: (event) => event.type === 'AdvanceCredited' && fold(advanceDecider, [event]),
});
goldenSamples(quoteEvents, { fold: (event) => fold(quoteDecider, [event]) });
