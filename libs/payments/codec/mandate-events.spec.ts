import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { mandateDecider } from '../domain/mandate/index.js';
import { mandateEvents } from './mandate-events.js';

goldenSamples(mandateEvents, {
  fold: (event) => event.type === 'MandateGiven' && fold(mandateDecider, [event]),
});
