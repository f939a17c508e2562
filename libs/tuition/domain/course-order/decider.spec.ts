import { describe, it } from '@jest/globals';
import { CNY } from '#libs/kernel/money/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { at, facts, orderId } from '#libs/testing/course-order-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { courseOrderDecider, type CourseOrderCommand, type CourseOrderEvent } from './index.js';

const place: CourseOrderCommand = { kind: 'order', ...facts };
const ordered: CourseOrderEvent = { type: 'CourseOrdered', data: facts };
const day = (days: number, minutes = 0): Instant => addMs(at, days * 86_400_000 + minutes * 60_000);
const lesson = (lessonNo: number, startsAt = day(lessonNo)) => ({ lessonNo, startsAt, minutes: 45 });
const scheduled = (lessonNo: number, startsAt?: Instant): CourseOrderEvent => ({
  type: 'LessonScheduled',
  data: { orderId, at, ...lesson(lessonNo, startsAt) },
});
const deliver = (lessonNo: number, on: Instant): CourseOrderCommand => ({
  kind: 'deliver',
  lessonNo,
  account: 'clerk-1',
  at: on,
});
const delivered = (lessonNo: number, on: Instant, attempt = 1): CourseOrderEvent => ({
  type: 'LessonDelivered',
  data: { orderId, at: on, ...lesson(lessonNo), attempt, deliveredBy: 'clerk-1' },
});
const missed = (lessonNo: number): CourseOrderEvent => ({
  type: 'LessonMissed',
  data: { orderId, at: day(2), lessonNo, reason: '请假' },
});
const withdrawn: CourseOrderEvent = {
  type: 'OrderWithdrawn',
  data: { orderId, at, reason: '搬家', attempt: 1 },
};
const closed: CourseOrderEvent = {
  type: 'OrderClosed',
  data: { orderId, at, reason: 'final', code: null },
};
const proposed: CourseOrderEvent = {
  type: 'OrderPriceProposed',
  data: {
    orderId,
    at,
    amendmentId: 'a1',
    asset: CNY,
    total: 100_000n,
    reason: '优惠',
    proposedBy: 'bursar-1',
  },
};
const order = spec(courseOrderDecider);

describe('a course order', () => {
  it('is placed once; who asks for something else under the same id is refused', () => {
    order.given([]).when(place).then([ordered]);
    order
      .given([ordered])
      .when({ ...place, orderedAt: day(1), fundBy: day(4) })
      .then([]);
    order
      .given([ordered])
      .when({ ...place, lessons: 24 })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    order.given([]).when(deliver(1, at)).thenRejected({ code: 'COURSE_ORDER_NOT_FOUND' });
  });

  it('gives lessons times that lie ahead, within the order, one at a time, all or none', () => {
    const schedule = (...lessons: ReturnType<typeof lesson>[]): CourseOrderCommand => ({
      kind: 'schedule',
      lessons,
      at,
    });
    order
      .given([ordered])
      .when(schedule(lesson(1), lesson(2)))
      .then([scheduled(1), scheduled(2)]);
    order.given([ordered]).when(schedule()).then([]);
    for (const [wrong, code] of [
      [lesson(1, at), 'INVALID_LESSON_TIME'],
      [lesson(1, addMs(facts.endsAt, -44 * 60_000)), 'INVALID_LESSON_TIME'],
      [{ ...lesson(1), minutes: 9 }, 'INVALID_LESSON_TIME'],
    ] as const) {
      order
        .given([ordered])
        .when(schedule(lesson(2), wrong))
        .thenRejected({ code });
    }
    order
      .given([ordered, scheduled(1)])
      .when(schedule(lesson(2, day(1, 44))))
      .thenRejected({ code: 'INVALID_LESSON_TIME' });
    order
      .given([ordered, scheduled(1)])
      .when(schedule(lesson(2, day(1, 45))))
      .then([scheduled(2, day(1, 45))]);
    order
      .given([ordered, scheduled(1)])
      .when(schedule(lesson(1, day(5))))
      .thenRejected({ code: 'TOO_MANY_LESSONS' });
    const thirteen = Array.from({ length: 13 }, (_, index) => lesson(index + 1));
    order
      .given([ordered])
      .when(schedule(...thirteen))
      .thenRejected({ code: 'TOO_MANY_LESSONS' });
    order
      .given([ordered])
      .when(schedule(lesson(13)))
      .thenRejected({ code: 'LESSON_NOT_FOUND', details: { lessonNo: '13' } });
  });

  it('moves a lesson, and makes a missed one up under its own number', () => {
    const moved = (madeUp: boolean): CourseOrderEvent => ({
      type: 'LessonRescheduled',
      data: { orderId, at: day(2), ...lesson(1, day(8)), wasAt: day(1), madeUp },
    });
    const move: CourseOrderCommand = { kind: 'reschedule', lesson: lesson(1, day(8)), at: day(2) };
    order
      .given([ordered, scheduled(1)])
      .when(move)
      .then([moved(false)]);
    order
      .given([ordered, scheduled(1), moved(false)])
      .when(move)
      .then([]);
    order
      .given([ordered, scheduled(1), missed(1)])
      .when(move)
      .then([moved(true)]);
    order
      .given([ordered, scheduled(1), missed(1), moved(true)])
      .when(deliver(1, day(8)))
      .then([
        {
          type: 'LessonDelivered',
          data: { orderId, at: day(8), ...lesson(1, day(8)), attempt: 1, deliveredBy: 'clerk-1' },
        },
      ]);
    order
      .given([ordered, scheduled(1), delivered(1, day(1))])
      .when(move)
      .thenRejected({ code: 'LESSON_ALREADY_DELIVERED' });
    order
      .given([ordered])
      .when(move)
      .thenRejected({ code: 'LESSON_NOT_FOUND', details: { lessonNo: '1' } });
    order
      .given([ordered, scheduled(1)])
      .when({ ...move, lesson: lesson(1, day(2)) })
      .thenRejected({ code: 'INVALID_LESSON_TIME' });
  });

  it('has a lesson given or missed once it has begun, and given once', () => {
    const miss: CourseOrderCommand = { kind: 'miss', lessonNo: 1, reason: '请假', at: day(2) };
    order
      .given([ordered, scheduled(1)])
      .when(miss)
      .then([missed(1)]);
    order
      .given([ordered, scheduled(1), missed(1)])
      .when(miss)
      .then([]);
    order
      .given([ordered, scheduled(1), delivered(1, day(1))])
      .when(miss)
      .thenRejected({ code: 'LESSON_ALREADY_DELIVERED' });
    order
      .given([ordered, scheduled(1)])
      .when(deliver(1, day(1)))
      .then([delivered(1, day(1))]);
    order
      .given([ordered, scheduled(1), delivered(1, day(1))])
      .when(deliver(1, day(3)))
      .then([]);
    order
      .given([ordered, scheduled(1), missed(1)])
      .when(deliver(1, day(3)))
      .thenRejected({ code: 'LESSON_MISSED' });
    for (const early of [deliver(1, day(1, -1)), { ...miss, at: day(1, -1) }]) {
      order
        .given([ordered, scheduled(1)])
        .when(early)
        .thenRejected({ code: 'LESSON_NOT_BEGUN', details: { startsAt: day(1) } });
    }
    order
      .given([ordered])
      .when(deliver(1, day(1)))
      .thenRejected({ code: 'LESSON_NOT_FOUND', details: { lessonNo: '1' } });
  });

  it('hands a lesson over again after the contract did not take it', () => {
    const refuse: CourseOrderCommand = {
      kind: 'refuseDelivery',
      lessonNo: 1,
      code: 'CONTRACT_FROZEN',
      at: day(1),
    };
    const refusedEvent: CourseOrderEvent = {
      type: 'LessonDeliveryRefused',
      data: { orderId, at: day(1), lessonNo: 1, code: 'CONTRACT_FROZEN' },
    };
    const given = [ordered, scheduled(1), delivered(1, day(1))];
    order.given(given).when(refuse).then([refusedEvent]);
    order
      .given([...given, refusedEvent])
      .when(refuse)
      .then([]);
    order
      .given([...given, refusedEvent])
      .when(deliver(1, day(2)))
      .then([delivered(1, day(2), 2)]);
  });

  it('is withdrawn, and open again where the contract refuses', () => {
    const withdraw: CourseOrderCommand = { kind: 'withdraw', reason: '搬家', at };
    const refuse: CourseOrderCommand = { kind: 'refuseWithdrawal', code: 'CONTRACT_FROZEN', at };
    const refusedEvent: CourseOrderEvent = {
      type: 'OrderWithdrawalRefused',
      data: { orderId, at, code: 'CONTRACT_FROZEN' },
    };
    order.given([ordered]).when(withdraw).then([withdrawn]);
    order.given([ordered, withdrawn]).when(withdraw).then([]);
    order.given([ordered, withdrawn]).when(refuse).then([refusedEvent]);
    order.given([ordered]).when(refuse).then([]);
    order
      .given([ordered, withdrawn, refusedEvent])
      .when(withdraw)
      .then([{ ...withdrawn, data: { ...withdrawn.data, attempt: 2 } } as CourseOrderEvent]);
    order
      .given([ordered, scheduled(1), withdrawn])
      .when(deliver(1, day(1)))
      .thenRejected({ code: 'COURSE_ORDER_ENDED' });
  });

  it('has another price once the contract says so, and none where it does not', () => {
    const propose: CourseOrderCommand = {
      kind: 'proposePrice',
      amendmentId: 'a1',
      total: 100_000n,
      reason: '优惠',
      account: 'bursar-1',
      at,
    };
    order.given([ordered]).when(propose).then([proposed]);
    order.given([ordered, proposed]).when(propose).then([]);
    order
      .given([ordered, proposed])
      .when({ ...propose, amendmentId: 'a2' })
      .thenRejected({ code: 'PRICE_PROPOSED' });
    order
      .given([ordered, proposed])
      .when({ kind: 'reprice', amendmentId: 'a1', at })
      .then([
        { type: 'OrderRepriced', data: { orderId, at, amendmentId: 'a1', asset: CNY, total: 100_000n } },
      ]);
    order
      .given([ordered, proposed])
      .when({ kind: 'dropPrice', amendmentId: 'a1', code: 'WITHDRAWN', at })
      .then([{ type: 'OrderPriceDropped', data: { orderId, at, amendmentId: 'a1', code: 'WITHDRAWN' } }]);
    for (const kind of ['reprice', 'dropPrice'] as const) {
      order.given([ordered]).when({ kind, amendmentId: 'a1', code: 'X', at }).then([]);
      order.given([ordered, proposed]).when({ kind, amendmentId: 'a2', code: 'X', at }).then([]);
    }
  });

  it('ends with its contract, once, and nothing follows', () => {
    const close: CourseOrderCommand = { kind: 'close', reason: 'final', code: null, at };
    order.given([ordered, withdrawn]).when(close).then([closed]);
    order.given([ordered, closed]).when(close).then([]);
    order
      .given([ordered, scheduled(1), closed])
      .when(deliver(1, day(1)))
      .thenRejected({ code: 'COURSE_ORDER_ENDED' });
    order.given([ordered, closed, withdrawn]).thenImpossible();
    order.given([ordered, ordered]).thenImpossible();
    order.given([withdrawn]).thenImpossible();
    order.given([ordered, missed(1)]).thenImpossible();
    order.given([ordered, scheduled(1), scheduled(1)]).thenImpossible();
  });
});
