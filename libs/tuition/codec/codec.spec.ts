import { goldenSamples } from '#libs/testing/golden.js';
import { courseEvents, courseOrderEvents, importEvents, studentEvents } from './index.js';

goldenSamples(studentEvents);
goldenSamples(importEvents);
goldenSamples(courseEvents);
goldenSamples(courseOrderEvents);
