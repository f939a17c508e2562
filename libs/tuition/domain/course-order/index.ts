export type * from './messages.js';
export type * from './state.js';
export { courseOrderDecider } from './decider.js';
export { lessonSeries, type LessonSeries } from './lesson-series.js';
