import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { PublishTemplate, TemplateVersion } from '#libs/contracts/contract/templates.js';
import { callerOf, OTHER_SCHOOL, requestOf } from '#libs/testing/callers.js';
import { bursar, coursesWorld, inspector, payer, yuan, BUREAU } from '#libs/testing/courses-world.js';
import { DAY_MS } from '#libs/testing/contracts-world.js';
import { codeOf, deliver, scheduled } from '#libs/testing/lesson-acts.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  AcceptNewPrice,
  ConfirmLesson,
  CourseOrderById,
  CourseOrdersOf,
  CoursesOf,
  LessonsOf,
  OrderCourse,
  RepriceCourse,
  RepriceOrder,
  WithdrawCourse,
  WithdrawFromCourse,
  WithdrawNewPrice,
  type CourseOrderView,
} from './contract/courses.js';

Logger.overrideLogger(false);

describe('a prepaid course', () => {
  it('is ordered at the price shown, signed by both at once, and waits for its money', async () => {
    await using world = await coursesWorld();
    const course = await world.course();
    const input = {
      idempotencyKey: 'o',
      courseId: course.id,
      lessons: 24,
      expectedPrice: yuan(2_160),
      studentNo: '2026000001',
    };
    const order = accepted<CourseOrderView>(await world.execute(new OrderCourse(payer(), input)));
    expect(order).toMatchObject({ status: 'AWAITING_PAYMENT', total: yuan(2_160), held: yuan(0) });
    const contract = await world.contracts.find(payer().caller.tenant, order.contractId);
    expect(contract).toMatchObject({
      status: 'awaitingFunding',
      unsigned: [],
      subject: `courseOrder-${order.id}`,
      fundable: { min: yuan(2_160), max: yuan(2_160) },
    });
    await world.settled();
    const again = accepted<CourseOrderView>(await world.execute(new OrderCourse(payer(), input)));
    expect(again).toEqual(order);
    for (const [change, code] of [
      [{ lessons: 12, expectedPrice: yuan(1_200) }, 'IDEMPOTENCY_CONFLICT'],
      [{ idempotencyKey: 'o2', expectedPrice: yuan(2_159) }, 'AMOUNT_MISMATCH'],
      [{ idempotencyKey: 'o3', lessons: 48 }, 'PACKAGE_NOT_FOUND'],
      [{ idempotencyKey: 'o4', courseId: order.id }, 'COURSE_NOT_FOUND'],
    ] as const) {
      expect(codeOf(await world.execute(new OrderCourse(payer(), { ...input, ...change } as never)))).toBe(
        code,
      );
    }
    expect(codeOf(await world.execute(new OrderCourse(bursar(), input)))).toBe('FORBIDDEN');
  });

  it('is sold on the terms that it knows, whatever version is published since', async () => {
    await using world = await coursesWorld();
    const bd = requestOf(callerOf('bd', 'bd-1'));
    const shipped = (await world.query(new TemplateVersion(bd, 'tuition-per-lesson')))!.template;
    const document = JSON.stringify({ ...(JSON.parse(shipped.document) as object), version: '1.1.0' });
    accepted<unknown>(await world.execute(new PublishTemplate(bd, { document })));
    const { contractId } = await world.paidOrder(await world.course());
    expect(await world.contracts.find(payer().caller.tenant, contractId)).toMatchObject({
      templateVersion: '1.0.0',
    });
  });

  it('takes other prices for orders to come only, and no order once it is withdrawn', async () => {
    await using world = await coursesWorld();
    const course = await world.course();
    const order = await world.paidOrder(course);
    const packages = [{ lessons: 12, price: yuan(1_300) }];
    const reprice = { idempotencyKey: 'r', courseId: course.id, packages };
    accepted<unknown>(await world.execute(new RepriceCourse(bursar(), reprice)));
    expect(codeOf(await world.execute(new RepriceCourse(bursar(OTHER_SCHOOL), reprice)))).toBe(
      'COURSE_NOT_FOUND',
    );
    const input = { courseId: course.id, lessons: 12, studentNo: '1' };
    const at = (price: number) =>
      world.execute(
        new OrderCourse(payer(), { ...input, idempotencyKey: `o${price}`, expectedPrice: yuan(price) }),
      );
    expect(codeOf(await at(1_200))).toBe('AMOUNT_MISMATCH');
    expect(codeOf(await at(1_300))).toBe('accepted');
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({ total: yuan(1_200) });
    accepted<unknown>(
      await world.execute(new WithdrawCourse(bursar(), { idempotencyKey: 'w', courseId: course.id })),
    );
    const late = { ...input, idempotencyKey: 'late', expectedPrice: yuan(1_300) };
    expect(codeOf(await world.execute(new OrderCourse(payer(), late)))).toBe('COURSE_WITHDRAWN');
    const page = { first: 5 };
    const school = course.organisationId;
    expect((await world.query(new CoursesOf(payer(), school, page))).items).toEqual([]);
    expect((await world.query(new CoursesOf(bursar(), school, page))).items).toHaveLength(1);
  });

  it('above what the region lets a school take in advance is refused, the same each time, and leaves no contract', async () => {
    await using world = await coursesWorld();
    const course = await world.course();
    const packages = [{ lessons: 12, price: yuan(5_001) }];
    const reprice = { idempotencyKey: 'r', courseId: course.id, packages };
    accepted<unknown>(await world.execute(new RepriceCourse(bursar(), reprice)));
    const input = { idempotencyKey: 'o', courseId: course.id, lessons: 12, studentNo: '1' };
    const order = () => world.execute(new OrderCourse(payer(), { ...input, expectedPrice: yuan(5_001) }));
    expect(codeOf(await order())).toBe('INVALID_PARAMETERS');
    await world.settled();
    expect(codeOf(await order())).toBe('INVALID_PARAMETERS');
    const { items } = await world.query(new CourseOrdersOf(payer(), {}, { first: 5 }));
    expect(items.map(({ item }) => [item.status, item.closed])).toEqual([
      ['REFUSED', { reason: 'refused', code: 'INVALID_PARAMETERS' }],
    ]);
  });

  it('gives the rest back on withdrawal and still pays what was given', async () => {
    await using world = await coursesWorld();
    const order = await world.paidOrder(await world.course());
    await scheduled(world, order);
    world.pass(2 * DAY_MS);
    accepted<unknown>(await world.execute(deliver(order, 1)));
    const withdraw = new WithdrawFromCourse(payer(), {
      idempotencyKey: 'w',
      orderId: order.id,
      reason: '搬家',
    });
    const withdrawn = accepted<CourseOrderView>(await world.execute(withdraw));
    expect(withdrawn).toMatchObject({ status: 'ENDING', refunded: yuan(1_100), held: yuan(100) });
    expect(accepted<CourseOrderView>(await world.execute(withdraw))).toEqual(withdrawn);
    expect(codeOf(await world.execute(deliver(order, 2)))).toBe('COURSE_ORDER_ENDED');
    world.pass(10 * DAY_MS);
    await world.tick();
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({
      status: 'ENDED',
      closed: { reason: 'final', code: null },
      released: yuan(100),
      refunded: yuan(1_100),
      held: yuan(0),
    });
  });

  it('that nobody has paid for is called off', async () => {
    await using world = await coursesWorld();
    const { id: courseId } = await world.course();
    const input = {
      idempotencyKey: 'o',
      courseId,
      lessons: 12,
      expectedPrice: yuan(1_200),
      studentNo: '1',
    };
    const order = accepted<CourseOrderView>(await world.execute(new OrderCourse(payer(), input)));
    expect(codeOf(await world.execute(deliver(order, 1)))).toBe('CONTRACT_NOT_ACTIVE');
    const withdraw = { idempotencyKey: 'w', orderId: order.id, reason: '不上了' };
    const off = accepted<CourseOrderView>(await world.execute(new WithdrawFromCourse(payer(), withdraw)));
    expect(off).toMatchObject({ status: 'CANCELLED' });
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({
      status: 'CANCELLED',
      closed: { reason: 'withdrawn', code: null },
    });
  });

  it('gets another price when both have signed; what is too much comes back, what was earned stays', async () => {
    await using world = await coursesWorld();
    const order = await world.paidOrder(await world.course());
    await scheduled(world, order);
    world.pass(2 * DAY_MS);
    accepted<unknown>(await world.execute(deliver(order, 1)));
    const propose = { idempotencyKey: 'p', orderId: order.id, total: yuan(980), reason: '老生优惠' };
    const proposed = accepted<CourseOrderView>(await world.execute(new RepriceOrder(bursar(), propose)));
    expect(proposed).toMatchObject({ total: yuan(1_200), proposedPrice: { total: yuan(980) } });
    expect(
      codeOf(await world.execute(new RepriceOrder(bursar(), { ...propose, idempotencyKey: 'p2' }))),
    ).toBe('PRICE_PROPOSED');
    const accept = (total: number, key = `a${total}`) =>
      world.execute(
        new AcceptNewPrice(payer(), {
          idempotencyKey: key,
          orderId: order.id,
          expectedTotal: yuan(total),
        }),
      );
    expect(codeOf(await accept(981))).toBe('AMOUNT_MISMATCH');
    const repriced = accepted<CourseOrderView>(await accept(980));
    expect(repriced).toMatchObject({ total: yuan(980), proposedPrice: null, refunded: yuan(220) });
    expect(codeOf(await accept(980))).toBe('accepted');
    expect(codeOf(await accept(979))).toBe('PRICE_NOT_PROPOSED');
    // The first lesson stays ¥100, eleven share the rest.
    world.pass(2 * DAY_MS);
    accepted<unknown>(await world.execute(deliver(order, 2)));
    const lessons = await world.query(new LessonsOf(payer(), order.id));
    expect(lessons.slice(0, 2).map(({ amount }) => amount)).toEqual([yuan(100), yuan(80)]);
    const other = { idempotencyKey: 'p3', orderId: order.id, total: yuan(900), reason: '优惠' };
    accepted<unknown>(await world.execute(new RepriceOrder(bursar(), other)));
    const back = { idempotencyKey: 'b', orderId: order.id };
    expect(
      accepted<CourseOrderView>(await world.execute(new WithdrawNewPrice(bursar(), back))),
    ).toMatchObject({ proposedPrice: null, total: yuan(980) });
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), order.id))).toMatchObject({
      proposedPrice: null,
      total: yuan(980),
    });
  });

  it('is shown to its payer, its school and its authority; to others it is not there', async () => {
    await using world = await coursesWorld();
    const order = await world.paidOrder(await world.course());
    const seenBy = async (context: ReturnType<typeof payer>) =>
      (await world.query(new CourseOrderById(context, order.id))) !== undefined;
    expect(await seenBy(payer())).toBe(true);
    expect(await seenBy(bursar())).toBe(true);
    expect(await seenBy(inspector('inspector-1', BUREAU))).toBe(true);
    expect(await seenBy(payer('payer-2'))).toBe(false);
    expect(await seenBy(bursar(OTHER_SCHOOL))).toBe(false);
    const other = { ...payer(), caller: { ...payer().caller, tenant: 'other' as never } };
    expect(await seenBy(other)).toBe(false);
    const orders = { idempotencyKey: 'x', orderId: order.id, lessonNo: 1 };
    expect(codeOf(await world.execute(new ConfirmLesson(payer('payer-2'), orders)))).toBe(
      'COURSE_ORDER_NOT_FOUND',
    );
    expect(codeOf(await world.execute(new ConfirmLesson(bursar(), orders)))).toBe('FORBIDDEN');
    const school = { organisationId: bursar().caller.organisation! };
    expect((await world.query(new CourseOrdersOf(bursar(), school, { first: 5 }))).items).toHaveLength(1);
    expect((await world.query(new CourseOrdersOf(bursar(OTHER_SCHOOL), school, { first: 5 }))).items).toEqual(
      [],
    );
    expect((await world.query(new CourseOrdersOf(payer('payer-2'), {}, { first: 5 }))).items).toEqual([]);
  });
});
