import { Injectable } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { DeliverLesson, type LessonDelivery } from '../../contract/courses.js';
import type { CourseOrderId } from '../../domain/course-order/index.js';
import { inOrderWords, notOpen } from './contract-codes.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { narrow } from './narrow.js';
import { orderForStaff } from './order-access.js';
import { orderViewOf } from './order-view.js';

/** A lesson given: stored with the order, then signed and handed to the contract. */
@Injectable()
export class LessonDesk {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  /** Once per lesson, however often it is said; a lesson that the contract has not taken can be handed over again. */
  async deliver(
    context: RequestContext,
    orderId: CourseOrderId,
    lessonNo: number,
  ): Promise<LessonDelivery['outcome']> {
    const found = await orderForStaff(this.ports, context, orderId);
    if (!found.accepted) return found;
    const { order } = found;
    const known = order.times.get(lessonNo);
    if (known?.status !== 'delivered') {
      // Asked before the order says anything: what the contract would refuse is not said at all.
      const contract = await this.ports.contracts.find(order.tenant, order.contractId);
      const closed = order.status === 'open' ? notOpen(contract) : undefined;
      if (closed) return closed;
    }
    const { accountId } = context.caller;
    const step = {
      name: `deliver ${lessonNo} ${known?.attempts ?? 0}`,
      actor: accountId,
      correlationId: context.correlationId,
    };
    const command = { kind: 'deliver', lessonNo, account: accountId, at: this.ports.now() } as const;
    const decided = await this.ports.decide(order, step, command);
    if (!decided.accepted) return narrow(decided.rejection, CODES);
    const handed = await this.steps.handOver(decided.order, lessonNo);
    if (!handed.accepted) return narrow(inOrderWords(handed.rejection), CODES);
    return { accepted: true, value: orderViewOf(decided.order, handed.value) };
  }
}

@CommandHandler(DeliverLesson)
export class DeliverLessonHandler implements ICommandHandler<DeliverLesson> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly desk: LessonDesk,
  ) {}

  async execute({ context, input }: DeliverLesson): Promise<LessonDelivery['outcome']> {
    const { idempotencyKey, orderId, lessonNo } = input;
    assertIdempotencyKey(idempotencyKey);
    const found = await orderForStaff(this.ports, context, orderId);
    if (!found.accepted) return found;
    const claim = { idempotencyKey, input: [orderId, String(lessonNo)] };
    const conflict = await this.ports.claim(context, 'deliverLesson', claim);
    if (conflict) return { accepted: false, rejection: conflict };
    return this.desk.deliver(context, orderId, lessonNo);
  }
}

const CODES = [
  'COURSE_ORDER_ENDED',
  'LESSON_NOT_FOUND',
  'LESSON_MISSED',
  'LESSON_NOT_BEGUN',
  'EVIDENCE_CONFLICT',
  'BAD_SIGNATURE',
  'CONTRACT_NOT_ACTIVE',
  'CONTRACT_FROZEN',
  'CONTRACT_CLOSING',
  'CONTRACT_CLOSED',
  'CLOCK_REGRESSION',
] as const;
