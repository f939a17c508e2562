import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import { OTHER_SCHOOL } from '#libs/testing/callers.js';
import { clerk, coursesWorld, payer, yuan } from '#libs/testing/courses-world.js';
import { DAY_MS, HOUR_MS } from '#libs/testing/contracts-world.js';
import { codeOf, deliver, scheduled } from '#libs/testing/lesson-acts.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  ConfirmLesson,
  CourseOrderById,
  DeliverLessons,
  LessonsOf,
  MarkLessonMissed,
  ObjectToLesson,
  RescheduleLesson,
  type CourseOrderView,
} from './contract/courses.js';

Logger.overrideLogger(false);

describe('a lesson of a prepaid course', () => {
  it('pays a lesson by confirmation at once, by silence when the notice is over, and makes a missed one up', async () => {
    await using world = await coursesWorld();
    const order = await world.paidOrder(await world.course());
    await scheduled(world, order);
    expect(codeOf(await world.execute(deliver(order, 1)))).toBe('LESSON_NOT_BEGUN');
    world.pass(DAY_MS + 12 * HOUR_MS);
    expect(codeOf(await world.execute(deliver(order, 1)))).toBe('accepted');
    expect(codeOf(await world.execute(deliver(order, 1, 'again')))).toBe('accepted');
    const confirm = new ConfirmLesson(payer(), { idempotencyKey: 'c', orderId: order.id, lessonNo: 1 });
    const confirmed = accepted<CourseOrderView>(await world.execute(confirm));
    expect(confirmed).toMatchObject({ released: yuan(100), held: yuan(1_100), status: 'ACTIVE' });
    expect(accepted<CourseOrderView>(await world.execute(confirm))).toMatchObject({ released: yuan(100) });
    world.pass(DAY_MS);
    const missed = { idempotencyKey: 'm', orderId: order.id, lessonNo: 2, reason: '请假' };
    accepted<unknown>(await world.execute(new MarkLessonMissed(clerk(), missed)));
    expect(codeOf(await world.execute(deliver(order, 2)))).toBe('LESSON_MISSED');
    const startsAt: Instant = addMs(world.now(), 2 * HOUR_MS);
    const makeUp = { idempotencyKey: 'u', orderId: order.id, lessonNo: 2, startsAt };
    accepted<unknown>(await world.execute(new RescheduleLesson(clerk(), makeUp)));
    world.pass(3 * HOUR_MS);
    expect(codeOf(await world.execute(deliver(order, 2, 'd2b')))).toBe('accepted');
    expect((await world.lessonStates(order)).slice(0, 3)).toEqual(['RELEASED', 'DELIVERED', 'SCHEDULED']);
    world.pass(10 * DAY_MS);
    await world.tick();
    const lessons = await world.query(new LessonsOf(payer(), order.id));
    expect(lessons.slice(0, 2)).toMatchObject([
      { status: 'RELEASED', consent: 'CONFIRMED', amount: yuan(100) },
      { status: 'RELEASED', consent: 'DEEMED', amount: yuan(100) },
    ]);
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({
      released: yuan(200),
      held: yuan(1_000),
    });
  });

  it('keeps a lesson that the payer objects to from being paid, and goes on with the others', async () => {
    await using world = await coursesWorld();
    const order = await world.paidOrder(await world.course());
    await scheduled(world, order);
    world.pass(3 * DAY_MS);
    accepted<unknown>(await world.execute(deliver(order, 1)));
    accepted<unknown>(await world.execute(deliver(order, 2)));
    const object = { idempotencyKey: 'x', orderId: order.id, lessonNo: 1, objection: 'NOT_GIVEN' as const };
    accepted<unknown>(await world.execute(new ObjectToLesson(payer(), object)));
    accepted<unknown>(await world.execute(new ObjectToLesson(payer(), object)));
    expect(
      codeOf(
        await world.execute(new ObjectToLesson(payer(), { ...object, idempotencyKey: 'y', lessonNo: 3 })),
      ),
    ).not.toBe('accepted');
    world.pass(10 * DAY_MS);
    await world.tick();
    expect((await world.lessonStates(order)).slice(0, 2)).toEqual(['DISPUTED', 'RELEASED']);
    const { openDispute } = (await world.contracts.find(payer().caller.tenant, order.contractId))!;
    for (const role of ['payer', 'bureau']) {
      const { disputeId } = openDispute!;
      const mover = {
        tenant: payer().caller.tenant,
        actor: role,
        correlationId: 'v',
        commandId: crypto.randomUUID(),
      };
      const act = { kind: 'vote' as const, disputeId, outcome: 'refund' as const };
      accepted<unknown>(await world.contracts.act(mover, role, order.contractId, act));
    }
    expect((await world.lessonStates(order)).slice(0, 2)).toEqual(['WAIVED', 'RELEASED']);
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({
      refunded: yuan(100),
      released: yuan(100),
      held: yuan(1_000),
      status: 'ACTIVE',
    });
  });

  it('hands a whole class over, each lesson for itself', async () => {
    await using world = await coursesWorld();
    const course = await world.course();
    const orders = [];
    for (const key of ['a', 'b', 'c']) orders.push(await world.paidOrder(course, key));
    await scheduled(world, orders[0]!, 's1');
    await scheduled(world, orders[1]!, 's2');
    world.pass(2 * DAY_MS);
    const lessons = orders.map(({ id }) => ({ orderId: id, lessonNo: 1 }));
    const result = await world.execute(new DeliverLessons(clerk(), { idempotencyKey: 'k', lessons }));
    const { deliveries } = accepted(result as never) as unknown as {
      deliveries: { outcome: { accepted: boolean; rejection?: { code: string } } }[];
    };
    expect(deliveries.map(({ outcome }) => codeOf(outcome))).toEqual([
      'accepted',
      'accepted',
      'LESSON_NOT_FOUND',
    ]);
    const foreign = new DeliverLessons(clerk(OTHER_SCHOOL), { idempotencyKey: 'k', lessons });
    const answered = accepted((await world.execute(foreign)) as never) as unknown as typeof result & {
      deliveries: { outcome: { accepted: boolean; rejection?: { code: string } } }[];
    };
    expect(answered.deliveries.map(({ outcome }) => codeOf(outcome))).toEqual(
      Array(3).fill('COURSE_ORDER_NOT_FOUND'),
    );
    const many = Array.from({ length: 201 }, () => lessons[0]!);
    expect(
      codeOf(await world.execute(new DeliverLessons(clerk(), { idempotencyKey: 'm', lessons: many }))),
    ).toBe('TOO_MANY_LESSONS');
  });
});
