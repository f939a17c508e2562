import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { OrderCourse } from '../../contract/courses.js';
import { packageOf, type KnownCourse, type LessonPackage } from '../../domain/course/index.js';
import type { CourseOrderId, KnownOrder, OrderFacts } from '../../domain/course-order/index.js';
import { courseOf, COURSE_NOT_FOUND } from './change-course.js';
import { inOrderWords } from './contract-codes.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { narrow, refused } from './narrow.js';
import { FORBIDDEN } from './order-access.js';
import { orderViewOf } from './order-view.js';

const MS_PER_DAY = 86_400_000;
/** How long the school's offer stands unpaid. */
const FUND_WITHIN_DAYS = 3;
const LONGEST_STUDENT_NO = 32;

/**
 * A payer orders a package at the price shown: the order is stored first, then the contract is drafted from it and signed by both.
 * A crash in between is made good by `CourseOrderFollower`, or by the payer asking again.
 */
@CommandHandler(OrderCourse)
export class OrderCourseHandler implements ICommandHandler<OrderCourse> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  async execute({ context, input }: OrderCourse) {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) return FORBIDDEN;
    const { idempotencyKey, courseId, lessons, expectedPrice, studentNo } = input;
    assertIdempotencyKey(idempotencyKey);
    assertStudentNo(studentNo);
    const scope = [tenant, accountId, 'orderCourse', idempotencyKey];
    const orderId: CourseOrderId = asId(deriveUuid(UUID_NAMESPACES.entity, 'courseOrder', ...scope));
    const price = `${expectedPrice.asset} ${expectedPrice.amount}`;
    const claim = { idempotencyKey, input: [courseId, String(lessons), price, studentNo] };
    const conflict = await this.ports.claim(context, 'orderCourse', claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const known = await this.ports.order(orderId);
    if (known) return this.#goOn(known);
    const course = await courseOf(this.ports, context, courseId);
    if (!course) return COURSE_NOT_FOUND;
    if (course.status === 'withdrawn') return WITHDRAWN;
    const sold = packageOf(course, lessons);
    if (!sold) return NO_PACKAGE;
    if (expectedPrice.asset !== course.asset || expectedPrice.amount !== sold.price) return MISMATCH;
    const facts = await this.#facts(context, { orderId, course, sold, studentNo });
    const step = { name: 'order', actor: accountId, correlationId: context.correlationId };
    const decided = await this.ports.decide(facts, step, { kind: 'order', ...facts });
    if (!decided.accepted) return narrow(decided.rejection, ['IDEMPOTENCY_CONFLICT']);
    return this.#goOn(decided.order);
  }

  async #goOn(order: KnownOrder) {
    if (order.closed?.reason === 'refused') {
      const code = order.closed.code ?? 'INVALID_PARAMETERS';
      return parametersRefused({ code, message: 'No contract could be made of this order.' });
    }
    const drafted = await this.steps.draft(order);
    if (!drafted.accepted && !OVER.includes(drafted.rejection.code))
      return parametersRefused(drafted.rejection);
    const { contracts } = this.ports;
    const contract = drafted.accepted ? drafted.value : await contracts.find(order.tenant, order.contractId);
    return { accepted: true as const, value: orderViewOf(order, contract) };
  }

  async #facts(
    context: RequestContext,
    {
      orderId,
      course,
      sold,
      studentNo,
    }: {
      readonly orderId: CourseOrderId;
      readonly course: KnownCourse;
      readonly sold: LessonPackage;
      readonly studentNo: string;
    },
  ): Promise<OrderFacts> {
    const at = this.ports.now();
    const { courseId, tenant, organisationId, authorityId, lessonMinutes, asset, region } = course;
    return {
      orderId,
      contractId: asId(orderId),
      tenant,
      organisationId,
      authorityId,
      courseId,
      courseName: course.name,
      lessons: sold.lessons,
      lessonMinutes,
      asset,
      total: sold.price,
      account: context.caller.accountId,
      studentNo,
      offeredBy: course.offeredBy,
      region,
      fundBy: addMs(at, FUND_WITHIN_DAYS * MS_PER_DAY),
      endsAt: addMs(at, course.validDays * MS_PER_DAY),
      lessonKeys: await this.steps.lessonKeys(course),
      orderedAt: at,
    };
  }
}

function assertStudentNo(studentNo: string): void {
  if (studentNo.trim() !== '' && studentNo.length <= LONGEST_STUDENT_NO) return;
  throw new InvalidInputError('INVALID_STUDENT_NO', 'A student number has 1 to 32 characters.', [
    'input',
    'studentNo',
  ]);
}

/** Asked again long after: the order stands as it is. */
const OVER: readonly string[] = ['CONTRACT_CLOSED', 'CONTRACT_CLOSING'];

function parametersRefused(rejection: Parameters<typeof inOrderWords>[0]) {
  return narrow(inOrderWords(rejection), ['INVALID_PARAMETERS']);
}

const WITHDRAWN = refused('COURSE_WITHDRAWN', 'The course is no longer on offer.');
const NO_PACKAGE = refused('PACKAGE_NOT_FOUND', 'The course is not sold with so many lessons.');
const MISMATCH = refused('AMOUNT_MISMATCH', 'The price is not the one named; look at the course again.');
