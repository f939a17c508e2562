import type { Provider } from '@nestjs/common';
import { AcceptNewPriceHandler } from './accept-new-price.js';
import { ConfirmLessonHandler } from './confirm-lesson.js';
import { ContractSteps } from './contract-steps.js';
import { CourseOrderFollower } from './course-order-follower.js';
import { CoursePorts } from './course-ports.js';
import { DeliverLessonHandler, LessonDesk } from './deliver-lesson.js';
import { DeliverLessonsHandler } from './deliver-lessons.js';
import { MarkLessonMissedHandler } from './mark-lesson-missed.js';
import { ObjectToLessonHandler } from './object-to-lesson.js';
import { OrderCourseHandler } from './order-course.js';
import { PublishCourseHandler } from './publish-course.js';
import { RepriceCourseHandler } from './reprice-course.js';
import { RepriceOrderHandler } from './reprice-order.js';
import { RescheduleLessonHandler } from './reschedule-lesson.js';
import { ScheduleLessonsHandler } from './schedule-lessons.js';
import { WithdrawCourseHandler } from './withdraw-course.js';
import { WithdrawFromCourseHandler } from './withdraw-from-course.js';
import { WithdrawNewPriceHandler } from './withdraw-new-price.js';

export { COURSE_CONTRACT_EVENTS, CourseOrderFollower } from './course-order-follower.js';

/**
 * Prepaid courses. Needs `RELEASE_CONTRACTS`, `ATTESTOR_KEYRING`, `COURSE_CONTRACT_EVENTS`, `MERCHANTS` of onboarding,
 * `DECIDER_STORE` and `RUNTIME`. `CourseOrderFollower` is a process manager of the composition root.
 */
export const courseApplication: readonly Provider[] = [
  CoursePorts,
  ContractSteps,
  LessonDesk,
  CourseOrderFollower,
  PublishCourseHandler,
  RepriceCourseHandler,
  WithdrawCourseHandler,
  OrderCourseHandler,
  ScheduleLessonsHandler,
  RescheduleLessonHandler,
  MarkLessonMissedHandler,
  DeliverLessonHandler,
  DeliverLessonsHandler,
  ConfirmLessonHandler,
  ObjectToLessonHandler,
  WithdrawFromCourseHandler,
  RepriceOrderHandler,
  AcceptNewPriceHandler,
  WithdrawNewPriceHandler,
];
