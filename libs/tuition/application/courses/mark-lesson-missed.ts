import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { MarkLessonMissed } from '../../contract/courses.js';
import { CoursePorts } from './course-ports.js';
import { onTimetable } from './lesson-acts.js';

const LONGEST_REASON = 200;

/** The lesson was not given; nothing is paid for it until it is made up for. */
@CommandHandler(MarkLessonMissed)
export class MarkLessonMissedHandler implements ICommandHandler<MarkLessonMissed> {
  constructor(private readonly ports: CoursePorts) {}

  execute({ context, input }: MarkLessonMissed) {
    const { idempotencyKey, orderId, lessonNo, reason } = input;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    return onTimetable(this.ports, context, {
      operation: 'markLessonMissed',
      idempotencyKey,
      orderId,
      input: [String(lessonNo), reason],
      command: () => ({ kind: 'miss', lessonNo, reason, at: this.ports.now() }),
      codes: ['COURSE_ORDER_ENDED', 'LESSON_NOT_FOUND', 'LESSON_ALREADY_DELIVERED', 'LESSON_NOT_BEGUN'],
    });
  }
}

/** @throws InvalidInputError `INVALID_REASON` */
export function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= LONGEST_REASON) return;
  throw new InvalidInputError('INVALID_REASON', 'A reason has 1 to 200 characters.', ['input', 'reason']);
}
