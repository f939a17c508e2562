import { describe, it } from '@jest/globals';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { at, facts, orderId } from '#libs/testing/course-order-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { courseOrderDecider, type CourseOrderCommand, type CourseOrderEvent } from './index.js';

const ordered: CourseOrderEvent = { type: 'CourseOrdered', data: facts };
const day = (days: number, minutes = 0): Instant => addMs(at, days * 86_400_000 + minutes * 60_000);
const lesson = (lessonNo: number, startsAt = day(lessonNo)) => ({ lessonNo, startsAt, minutes: 45 });
const scheduled = (lessonNo: number, startsAt?: Instant): CourseOrderEvent => ({
  type: 'LessonScheduled',
  data: { orderId, at, ...lesson(lessonNo, startsAt) },
});
const delivered = (lessonNo: number, on: Instant, attempt = 1): CourseOrderEvent => ({
  type: 'LessonDelivered',
  data: { orderId, at: on, ...lesson(lessonNo), attempt, deliveredBy: 'clerk-1' },
});
const missed = (lessonNo: number): CourseOrderEvent => ({
  type: 'LessonMissed',
  data: { orderId, at: day(2), lessonNo, reason: '请假' },
});
const order = spec(courseOrderDecider);

describe('the time of a lesson', () => {
  it('counts a lesson as over once it is given or missed, not before', () => {
    const now = day(1, 10);
    const soon = day(1, 11);
    const next: CourseOrderCommand = { kind: 'reschedule', lesson: lesson(2, soon), at: now };
    const moved: CourseOrderEvent = {
      type: 'LessonRescheduled',
      data: { orderId, at: now, ...lesson(2, soon), wasAt: day(2), madeUp: false },
    };
    order
      .given([ordered, scheduled(1), scheduled(2)])
      .when(next)
      .thenRejected({ code: 'INVALID_LESSON_TIME' });
    for (const over of [delivered(1, now), missed(1)]) {
      order
        .given([ordered, scheduled(1), scheduled(2), over])
        .when(next)
        .then([moved]);
    }
    const refused: CourseOrderEvent = {
      type: 'LessonDeliveryRefused',
      data: { orderId, at: now, lessonNo: 1, code: 'CONTRACT_FROZEN' },
    };
    order
      .given([ordered, scheduled(1), scheduled(2), delivered(1, now), refused])
      .when(next)
      .thenRejected({ code: 'INVALID_LESSON_TIME' });
  });
});
