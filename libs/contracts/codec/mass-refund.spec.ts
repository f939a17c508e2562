import { goldenSamples } from '#libs/testing/golden.js';
import { massRefundEvents } from './index.js';

goldenSamples(massRefundEvents);
