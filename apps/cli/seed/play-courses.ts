import type { ContractId } from '#libs/kernel/ids/index.js';
import { DEMO_TRAINING_CENTRE } from '#libs/security/adapters/demo/demo-directory.js';
import {
  ConfirmLesson,
  type CourseId,
  type CourseOrderId,
  DeliverLesson,
  ObjectToLesson,
  OrderCourse,
  PublishCourse,
  ScheduleLessons,
  WithdrawFromCourse,
} from '#libs/tuition/contract/courses.js';
import { type ContractStage, fundFromWallet, made, yuan } from './contract-play.js';
import { bursarOf, contextOf, demoCaller } from './demo-callers.js';
import { DEMO_COURSE, LESSON_STARTS, type PlannedLesson, type PlannedOrder } from './demo-contracts.js';
import type { Act } from './play-occasions.js';
import { accepted } from './seed-target.js';

interface KnownOrder {
  readonly orderId: CourseOrderId;
  readonly contractId: ContractId;
}

/** A course on offer, and what became of those who ordered it. */
export function coursesOf(stage: ContractStage): readonly Act[] {
  const courses = new Courses(stage);
  const { publishedAt, orders } = stage.plan;
  return [
    { at: publishedAt, play: () => courses.publish() },
    ...orders.flatMap((order) => [
      { at: order.orderedAt, play: () => courses.order(order) },
      ...(order.paid ? courseOf(courses, order, order.paid) : []),
    ]),
  ];
}

function courseOf(
  courses: Courses,
  order: PlannedOrder,
  paid: NonNullable<PlannedOrder['paid']>,
): readonly Act[] {
  const { withdrawnAt } = paid;
  return [
    { at: paid.at, play: () => courses.pay(order) },
    { at: paid.scheduledAt, play: () => courses.schedule(order, paid) },
    ...paid.given.flatMap((lesson) => {
      const { answer, deliveredAt } = lesson;
      const delivered = { at: deliveredAt, play: () => courses.deliver(order, lesson) };
      return answer ? [delivered, { at: answer.at, play: () => courses.answer(order, lesson) }] : [delivered];
    }),
    ...(withdrawnAt ? [{ at: withdrawnAt, play: () => courses.withdraw(order) }] : []),
  ];
}

class Courses {
  #courseId: CourseId | undefined;
  readonly #orders = new Map<PlannedOrder, KnownOrder>();
  readonly #bursar = contextOf(bursarOf(DEMO_TRAINING_CENTRE));

  constructor(private readonly stage: ContractStage) {}

  async publish(): Promise<void> {
    const { packages, ...offer } = DEMO_COURSE;
    const input = {
      idempotencyKey: 'demo-course',
      ...offer,
      packages: packages.map(({ lessons, fen }) => ({ lessons, price: yuan(fen) })),
    };
    const outcome = await this.stage.target.execute(new PublishCourse(this.#bursar, input));
    this.#courseId = accepted(outcome, 'course').id;
  }

  async order(planned: PlannedOrder): Promise<void> {
    const { key, payer, lessons, fen, studentNo } = planned;
    const input = {
      idempotencyKey: `demo-order-${key}`,
      courseId: made(this.#courseId, 'course'),
      lessons,
      expectedPrice: yuan(fen),
      studentNo,
    };
    const outcome = await this.stage.target.execute(new OrderCourse(contextOf(demoCaller(payer)), input));
    const { id: orderId, contractId } = accepted(outcome, `order ${key}`);
    this.#orders.set(planned, { orderId, contractId });
  }

  async pay(planned: PlannedOrder): Promise<void> {
    await fundFromWallet(this.stage, this.#known(planned).contractId, planned);
  }

  async schedule(
    planned: PlannedOrder,
    { firstDate, weekdays }: NonNullable<PlannedOrder['paid']>,
  ): Promise<void> {
    const times = { firstDate, weekdays, time: LESSON_STARTS, except: [] };
    const input = {
      idempotencyKey: `demo-times-${planned.key}`,
      orderId: this.#known(planned).orderId,
      ...times,
    };
    const outcome = await this.stage.target.execute(new ScheduleLessons(this.#bursar, input));
    accepted(outcome, `times of ${planned.key}`);
  }

  /** Signed with the key that the platform keeps for the school. */
  async deliver(planned: PlannedOrder, { lessonNo }: PlannedLesson): Promise<void> {
    const input = this.#lesson('given', planned, lessonNo);
    const outcome = await this.stage.target.execute(new DeliverLesson(this.#bursar, input));
    accepted(outcome, `lesson ${lessonNo} of ${planned.key}`);
  }

  async answer(planned: PlannedOrder, { lessonNo, answer }: PlannedLesson): Promise<void> {
    const payer = contextOf(demoCaller(planned.payer));
    const input = this.#lesson('answer', planned, lessonNo);
    const command =
      answer?.says === 'object'
        ? new ObjectToLesson(payer, { ...input, objection: 'CUT_SHORT' })
        : new ConfirmLesson(payer, input);
    accepted(await this.stage.target.execute(command), `answer to lesson ${lessonNo} of ${planned.key}`);
  }

  async withdraw(planned: PlannedOrder): Promise<void> {
    const { orderId } = this.#known(planned);
    const input = { idempotencyKey: `demo-withdraw-${planned.key}`, orderId, reason: '搬家，无法继续上课' };
    const payer = contextOf(demoCaller(planned.payer));
    accepted(
      await this.stage.target.execute(new WithdrawFromCourse(payer, input)),
      `withdrawal of ${planned.key}`,
    );
  }

  #lesson(act: string, planned: PlannedOrder, lessonNo: number) {
    const idempotencyKey = `demo-${act}-${planned.key}-${lessonNo}`;
    return { idempotencyKey, orderId: this.#known(planned).orderId, lessonNo };
  }

  #known(planned: PlannedOrder): KnownOrder {
    return made(this.#orders.get(planned), `order ${planned.key}`);
  }
}
