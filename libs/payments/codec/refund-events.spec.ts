import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { refundDecider } from '../domain/refund/index.js';
import { refundEvents } from './refund-events.js';

goldenSamples(refundEvents, {
  fold: (event) => event.type === 'RefundRequested' && fold(refundDecider, [event]),
});
