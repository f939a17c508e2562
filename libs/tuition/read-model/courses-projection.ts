import type { EventSet } from '#libs/event-log/codec/types.js';
import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import { courseEvents, courseOrderEvents } from '../codec/index.js';
import type { CourseOrderStatus, LessonStatus } from '../contract/courses.js';
import type { CoursePublished, LessonPackage } from '../domain/course/index.js';
import type { CourseOrdered } from '../domain/course-order/index.js';
import { onContracts } from './course-contract-rows.js';
import { courseLessonTable, courseOrderTable, courseTable } from './course-tables.js';

/**
 * Courses, orders and lessons as rows. What becomes of the money is read off the events of release contracts, handed over by the
 * composition root: an order's contract has the order's id, so that events of any other contract match no row.
 */
export function coursesProjection(contractEvents: EventSet): Projection {
  return defineProjection({
    name: 'courses',
    version: 1,
    tables: [courseTable, courseOrderTable, courseLessonTable],
    parts: [
      on(courseEvents, {
        CoursePublished: putCourse,
        CourseRepriced: ({ courseId, packages }, view) =>
          view.patch('course', { id: courseId }, { packages: packagesText(packages) }),
        CourseWithdrawn: ({ courseId }, view) =>
          view.patch('course', { id: courseId }, { status: 'WITHDRAWN' }),
      }),
      on(courseOrderEvents, {
        CourseOrdered: putOrder,
        LessonScheduled: ({ orderId, lessonNo, startsAt, minutes }, view) =>
          patchLesson(view, orderId, lessonNo, {
            ...is('SCHEDULED'),
            starts_at: startsAt,
            minutes,
          }),
        LessonRescheduled: ({ orderId, lessonNo, startsAt, minutes }, view) =>
          patchLesson(view, orderId, lessonNo, {
            ...is('SCHEDULED'),
            starts_at: startsAt,
            minutes,
          }),
        LessonMissed: ({ orderId, lessonNo }, view) => patchLesson(view, orderId, lessonNo, is('MISSED')),
        LessonDelivered: ({ orderId, lessonNo, at }, view) =>
          patchLesson(view, orderId, lessonNo, { ...is('DELIVERED'), delivered_at: at, refusal: null }),
        LessonDeliveryRefused: ({ orderId, lessonNo, code }, view) =>
          patchLesson(view, orderId, lessonNo, {
            ...is('SCHEDULED'),
            delivered_at: null,
            refusal: code,
          }),
        OrderWithdrawn: ({ orderId }, view) =>
          patchOrder(view, orderId, { status: 'ENDING' satisfies CourseOrderStatus }),
        OrderWithdrawalRefused: ({ orderId, code }, view) =>
          patchOrder(view, orderId, {
            status: (code === 'CONTRACT_FROZEN' ? 'FROZEN' : 'ACTIVE') satisfies CourseOrderStatus,
          }),
        OrderPriceProposed: ({ orderId, amendmentId, total, reason }, view) =>
          patchOrder(view, orderId, {
            proposed_id: amendmentId,
            proposed_minor: total,
            proposed_reason: reason,
          }),
        OrderPriceDropped: ({ orderId }, view) => patchOrder(view, orderId, NO_PROPOSAL),
        OrderRepriced: ({ orderId, total }, view) =>
          patchOrder(view, orderId, { ...NO_PROPOSAL, total_minor: total }),
        OrderClosed: ({ orderId, reason, code }, view) => {
          const end: ViewRow = { ...NO_PROPOSAL, closed_reason: reason, closed_code: code };
          patchOrder(view, orderId, reason === 'refused' ? { ...end, status: 'REFUSED' } : end);
        },
      }),
      onContracts(contractEvents),
    ],
  });
}

const NO_PROPOSAL: ViewRow = { proposed_id: null, proposed_minor: null, proposed_reason: null };

function putCourse(data: CoursePublished['data'], view: ViewWriter): void {
  view.put('course', {
    id: data.courseId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    status: 'PUBLISHED',
    name: data.name,
    subject: data.subject,
    lesson_minutes: data.lessonMinutes,
    asset: data.asset,
    packages: packagesText(data.packages),
    authority_id: data.authorityId,
    region: data.region,
    valid_days: data.validDays,
    published_at: data.publishedAt,
  });
}

function packagesText(packages: readonly LessonPackage[]): string {
  return JSON.stringify(packages.map(({ lessons, price }) => ({ lessons, price: price.toString() })));
}

/** With a row for every lesson sold, so that what happens to a lesson always finds its row. */
function putOrder(data: CourseOrdered['data'], view: ViewWriter): void {
  view.put('course_order', {
    id: data.orderId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    authority_id: data.authorityId,
    course_id: data.courseId,
    course_name: data.courseName,
    status: 'AWAITING_PAYMENT' satisfies CourseOrderStatus,
    closed_reason: null,
    closed_code: null,
    lessons: data.lessons,
    asset: data.asset,
    total_minor: data.total,
    student_no: data.studentNo,
    account: data.account,
    fund_by: data.fundBy,
    ends_at: data.endsAt,
    ordered_at: data.orderedAt,
    funded_minor: 0n,
    released_minor: 0n,
    refunded_minor: 0n,
    held_minor: 0n,
    ...NO_PROPOSAL,
  });
  for (let lessonNo = 1; lessonNo <= data.lessons; lessonNo += 1) {
    view.put('course_lesson', {
      order_id: data.orderId,
      lesson_no: lessonNo,
      ...is('UNSCHEDULED'),
      starts_at: null,
      minutes: null,
      delivered_at: null,
      payable_at: null,
      consent: null,
      amount_minor: null,
      dispute_id: null,
      refusal: null,
    });
  }
}

function is(status: LessonStatus): ViewRow {
  return { status };
}

function patchLesson(view: ViewWriter, orderId: string, lessonNo: number, set: ViewRow): void {
  view.patch('course_lesson', { order_id: orderId, lesson_no: lessonNo }, set);
}

function patchOrder(view: ViewWriter, orderId: string, set: ViewRow): void {
  view.patch('course_order', { id: orderId }, set);
}
