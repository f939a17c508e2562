export * from './messages.js';
export { courseDecider, packageOf, type CourseState, type KnownCourse } from './decider.js';
