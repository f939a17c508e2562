import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { ContractSummary, ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import { addMs } from '#libs/kernel/time/index.js';
import { recordedEvents, TENANT } from '#libs/testing/callers.js';
import { clerk, coursesWorld, payer, yuan, type CoursesWorld } from '#libs/testing/courses-world.js';
import { DAY_MS, HOUR_MS } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { ContractSteps } from './application/courses/contract-steps.js';
import { CoursePorts } from './application/courses/course-ports.js';
import {
  AcceptNewPrice,
  CourseOrderById,
  DeliverLesson,
  LessonsOf,
  OrderCourse,
  RescheduleLesson,
  ScheduleLessons,
  WithdrawFromCourse,
  type CourseOrderView,
} from './contract/courses.js';
import type { CourseOrderCommand, KnownOrder } from './domain/course-order/index.js';

Logger.overrideLogger(false);

/** What a request that died has stored: the order's own word, and nothing of the contract. */
async function said(world: CoursesWorld, order: KnownOrder, name: string, command: CourseOrderCommand) {
  const step = { name, actor: 'somebody', correlationId: 'c' };
  const decided = await world.part(CoursePorts).decide(order, step, command);
  if (!decided.accepted) throw new Error(decided.rejection.code);
  return decided.order;
}

async function paid(
  world: CoursesWorld,
): Promise<{ readonly view: CourseOrderView; readonly order: KnownOrder }> {
  const view = await world.paidOrder(await world.course());
  const startsAt = addMs(world.now(), HOUR_MS);
  const firstDate = startsAt.slice(0, 10) as never;
  const series = { firstDate, weekdays: [], time: '23:00', except: [], count: 2 };
  accepted<unknown>(
    await world.execute(new ScheduleLessons(clerk(), { idempotencyKey: 's', orderId: view.id, ...series })),
  );
  world.pass(DAY_MS);
  return { view, order: (await world.part(CoursePorts).order(view.id))! };
}

const contractOf = async (world: CoursesWorld, view: CourseOrderView): Promise<ContractSummary> =>
  (await world.contracts.find(TENANT, view.contractId))!;

/** Loses the answer of the `nth` call of a contract's method, after or before it took effect. */
function losing(
  contracts: ReleaseContracts,
  method: 'draft' | 'act' | 'attest' | 'proposeAmendment',
  { nth, before }: { readonly nth: number; readonly before: boolean },
): ReleaseContracts {
  let calls = 0;
  return new Proxy(contracts, {
    get(real, property) {
      const value: unknown = Reflect.get(real, property, real);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        const isLost = property === method && (calls += 1) === nth;
        if (isLost && before) throw new Error('The process died.');
        const answer: unknown = await (value as (...args: unknown[]) => Promise<unknown>).apply(real, given);
        if (isLost) throw new Error('The process died.');
        return answer;
      };
    },
  });
}

describe('what an order has said and its request has not done', () => {
  it.each([
    ['draft', 1, true],
    ['draft', 1, false],
    ['act', 1, true],
    ['act', 1, false],
    ['act', 2, true],
    ['act', 2, false],
  ] as const)(
    'ordering, dead at %s %i (before: %s): one contract, signed by both',
    async (method, nth, before) => {
      await using world = await coursesWorld();
      const course = await world.course();
      const ports = world.part(CoursePorts) as { contracts: ReleaseContracts };
      const real = ports.contracts;
      ports.contracts = losing(real, method, { nth, before });
      const input = {
        idempotencyKey: 'o',
        courseId: course.id,
        lessons: 12,
        expectedPrice: yuan(1_200),
        studentNo: '1',
      };
      await world.execute(new OrderCourse(payer(), input)).catch(() => undefined);
      ports.contracts = real;
      await world.settled();
      const order = accepted<CourseOrderView>(await world.execute(new OrderCourse(payer(), input)));
      expect(await contractOf(world, order)).toMatchObject({ status: 'awaitingFunding', unsigned: [] });
      await world.settled();
      const types = (await recordedEvents(world.log)).map(({ type }) => type);
      const count = (type: string) => types.filter((known) => known === type).length;
      expect([count('CourseOrdered.v1'), count('ContractDrafted.v1'), count('ContractSigned.v1')]).toEqual([
        1, 1, 2,
      ]);
    },
  );

  it('a lesson given reaches the contract without anybody asking again, once', async () => {
    await using world = await coursesWorld();
    const { view, order } = await paid(world);
    await said(world, order, 'deliver 1 0', {
      kind: 'deliver',
      lessonNo: 1,
      account: 'clerk-1',
      at: world.now(),
    });
    await world.settled();
    expect((await contractOf(world, view)).openUnits).toMatchObject([
      { ruleId: 'lesson', dedupeKey: '1', amount: yuan(100), status: 'COOLING' },
    ]);
    const again = { idempotencyKey: 'd', orderId: view.id, lessonNo: 1 };
    accepted<unknown>(await world.execute(new DeliverLesson(clerk(), again)));
    const evidence = (await recordedEvents(world.log)).filter(({ type }) => type === 'EvidenceAccepted.v1');
    expect(evidence).toHaveLength(1);
  });

  it('a lesson that the contract does not take is taken back, and can be given again', async () => {
    await using world = await coursesWorld();
    const { view, order } = await paid(world);
    const dispute = { kind: 'dispute' as const, disputeId: 'd1', subject: null, reasonCode: 'OTHER' };
    const mover = { tenant: TENANT, actor: 'payer-1', correlationId: 'c', commandId: crypto.randomUUID() };
    accepted<unknown>(await world.contracts.act(mover, 'payer', view.contractId, dispute));
    await said(world, order, 'deliver 1 0', {
      kind: 'deliver',
      lessonNo: 1,
      account: 'clerk-1',
      at: world.now(),
    });
    await world.settled();
    const [lesson] = await world.query(new LessonsOf(payer(), view.id));
    expect(lesson).toMatchObject({ status: 'SCHEDULED', refusal: 'CONTRACT_FROZEN', deliveredAt: null });
    for (const [role, commandId] of [
      ['payer', crypto.randomUUID()],
      ['school', crypto.randomUUID()],
    ] as const) {
      const vote = { kind: 'vote' as const, disputeId: 'd1', outcome: 'thaw' as const };
      accepted<unknown>(await world.contracts.act({ ...mover, commandId }, role, view.contractId, vote));
    }
    const again = { idempotencyKey: 'd', orderId: view.id, lessonNo: 1 };
    accepted<unknown>(await world.execute(new DeliverLesson(clerk(), again)));
    expect((await world.lessonStates(view))[0]).toBe('DELIVERED');
  });

  it('a withdrawal reaches the contract; one that it refuses leaves the order open', async () => {
    await using world = await coursesWorld();
    const { view, order } = await paid(world);
    await said(world, order, 'withdraw 0', { kind: 'withdraw', reason: '搬家', at: world.now() });
    await world.settled();
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), view.id))).toMatchObject({
      status: 'ENDED',
      refunded: yuan(1_200),
      closed: { reason: 'final' },
    });
    const other = await world.paidOrder(await world.course('c2'), 'o2');
    const dispute = { kind: 'dispute' as const, disputeId: 'd1', subject: null, reasonCode: 'OTHER' };
    const mover = { tenant: TENANT, actor: 'payer-1', correlationId: 'c', commandId: crypto.randomUUID() };
    accepted<unknown>(await world.contracts.act(mover, 'payer', other.contractId, dispute));
    const known = (await world.part(CoursePorts).order(other.id))!;
    await said(world, known, 'withdraw 0', { kind: 'withdraw', reason: '搬家', at: world.now() });
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), other.id))).toMatchObject({ status: 'FROZEN' });
    expect(await world.part(CoursePorts).order(other.id)).toMatchObject({ status: 'open', withdrawals: 1 });
    const withdraw = { idempotencyKey: 'w', orderId: other.id, reason: '搬家' };
    expect(await world.execute(new WithdrawFromCourse(payer(), withdraw))).toMatchObject({
      rejection: { code: 'CONTRACT_FROZEN' },
    });
  });

  it('a price proposed reaches the contract with the school’s signature, and holds once the payer has signed', async () => {
    await using world = await coursesWorld();
    const { view, order } = await paid(world);
    await said(world, order, 'propose a1', {
      kind: 'proposePrice',
      amendmentId: 'a1'.padEnd(8, '0').concat('-0000-8000-8000-000000000000'),
      total: 100_000n,
      reason: '优惠',
      account: 'bursar-of-school-1',
      at: world.now(),
    });
    await world.settled();
    expect((await contractOf(world, view)).openAmendment).toMatchObject({ unsigned: ['payer'] });
    // The payer signs, and the answer is lost before the order hears of it: the contract's own event tells it.
    const proposed = (await world.part(CoursePorts).order(view.id))!;
    accepted<unknown>(
      await world.part(ContractSteps).signPrice(proposed, await contractOf(world, view), 'payer'),
    );
    await world.settled();
    expect(await world.query(new CourseOrderById(payer(), view.id))).toMatchObject({
      total: yuan(1_000),
      proposedPrice: null,
      refunded: yuan(200),
    });
    const accept = { idempotencyKey: 'a', orderId: view.id, expectedTotal: yuan(1_000) };
    accepted<unknown>(await world.execute(new AcceptNewPrice(payer(), accept)));
  });

  it('a view that is built again shows the same', async () => {
    await using world = await coursesWorld();
    const { view } = await paid(world);
    accepted<unknown>(
      await world.execute(new DeliverLesson(clerk(), { idempotencyKey: 'd', orderId: view.id, lessonNo: 1 })),
    );
    const startsAt = addMs(world.now(), 20 * DAY_MS);
    const move = { idempotencyKey: 'm', orderId: view.id, lessonNo: 2, startsAt };
    accepted<unknown>(await world.execute(new RescheduleLesson(clerk(), move)));
    world.pass(10 * DAY_MS);
    await world.tick();
    const shown = async () => [
      await world.query(new CourseOrderById(payer(), view.id)),
      await world.query(new LessonsOf(payer(), view.id)),
    ];
    const before = await shown();
    await world.consumers.rebuild('courses');
    expect(await shown()).toEqual(before);
  });
});
