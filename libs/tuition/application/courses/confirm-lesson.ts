import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ConfirmLesson } from '../../contract/courses.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { asPayer } from './payer-acts.js';

/** The payer says that the lesson was given: its money goes at once. */
@CommandHandler(ConfirmLesson)
export class ConfirmLessonHandler implements ICommandHandler<ConfirmLesson> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  execute({ context, input }: ConfirmLesson) {
    const { idempotencyKey, orderId, lessonNo } = input;
    return asPayer(this.ports, context, {
      operation: 'confirmLesson',
      idempotencyKey,
      orderId,
      input: [String(lessonNo)],
      run: (order) =>
        this.steps.act(order, 'payer', {
          // A lesson is confirmed once, whatever the keys.
          step: `confirm ${lessonNo}`,
          actor: order.account,
          act: { kind: 'confirm', ruleId: 'lesson', dedupeKey: String(lessonNo) },
        }),
      codes: [
        'LESSON_NOT_FOUND',
        'NOT_COOLING',
        'CONTRACT_NOT_ACTIVE',
        'CONTRACT_FROZEN',
        'CONTRACT_CLOSED',
        'CLOCK_REGRESSION',
      ],
    });
  }
}
