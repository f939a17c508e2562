import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { WithdrawFromCourse } from '../../contract/courses.js';
import type { KnownOrder } from '../../domain/course-order/index.js';
import { notOpen } from './contract-codes.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { assertReason } from './mark-lesson-missed.js';
import { asPayer } from './payer-acts.js';

/** The payer gives the rest up: stored with the order, then taken back from the contract. Lessons given stay to be paid. */
@CommandHandler(WithdrawFromCourse)
export class WithdrawFromCourseHandler implements ICommandHandler<WithdrawFromCourse> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  execute({ context, input }: WithdrawFromCourse) {
    const { idempotencyKey, orderId, reason } = input;
    assertReason(reason);
    return asPayer(this.ports, context, {
      operation: 'withdrawFromCourse',
      idempotencyKey,
      orderId,
      input: [reason],
      run: (order) => this.#withdraw(context, order, reason),
      codes: [
        'COURSE_ORDER_ENDED',
        'CONTRACT_FROZEN',
        'CONTRACT_CLOSING',
        'CONTRACT_CLOSED',
        'CLOCK_REGRESSION',
      ],
    });
  }

  async #withdraw(context: RequestContext, order: KnownOrder, reason: string) {
    if (order.status === 'open') {
      const contract = await this.ports.contracts.find(order.tenant, order.contractId);
      const closed = notOpen(contract);
      // What is not paid for yet can be called off as well.
      if (closed && closed.rejection.code !== 'CONTRACT_NOT_ACTIVE') return closed;
    }
    const step = {
      name: `withdraw ${order.withdrawals}`,
      actor: order.account,
      correlationId: context.correlationId,
    };
    const decided = await this.ports.decide(order, step, { kind: 'withdraw', reason, at: this.ports.now() });
    if (!decided.accepted) return { accepted: false as const, rejection: decided.rejection as Rejection };
    return this.steps.passWithdrawal(decided.order, reason);
  }
}
