import { goldenSamples } from '#libs/testing/golden.js';
import { importEvents, studentEvents } from './index.js';

goldenSamples(studentEvents);
goldenSamples(importEvents);
