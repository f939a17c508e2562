import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { ObjectToLesson } from '../../contract/courses.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { asPayer } from './payer-acts.js';

/** The payer objects: the lesson's money stands still until it is decided. */
@CommandHandler(ObjectToLesson)
export class ObjectToLessonHandler implements ICommandHandler<ObjectToLesson> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  execute({ context, input }: ObjectToLesson) {
    const { idempotencyKey, orderId, lessonNo, objection } = input;
    const { accountId } = context.caller;
    const scope = ['dispute', orderId, accountId, idempotencyKey];
    const disputeId = deriveUuid(UUID_NAMESPACES.entity, ...scope);
    return asPayer(this.ports, context, {
      operation: 'objectToLesson',
      idempotencyKey,
      orderId,
      input: [String(lessonNo), objection],
      run: (order) =>
        this.steps.act(order, 'payer', {
          step: `object ${disputeId}`,
          actor: order.account,
          act: {
            kind: 'dispute',
            disputeId,
            subject: { ruleId: 'lesson', dedupeKey: String(lessonNo) },
            reasonCode: `LESSON_${objection}`,
          },
        }),
      codes: [
        'LESSON_NOT_FOUND',
        'NOT_COOLING',
        'DISPUTE_OPEN',
        'CONTRACT_NOT_ACTIVE',
        'CONTRACT_FROZEN',
        'CONTRACT_CLOSED',
        'CLOCK_REGRESSION',
      ],
    });
  }
}
