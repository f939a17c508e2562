import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { RescheduleLesson } from '../../contract/courses.js';
import { CoursePorts } from './course-ports.js';
import { onTimetable } from './lesson-acts.js';

/** Moves a lesson, or gives a missed one the time at which it is made up for. */
@CommandHandler(RescheduleLesson)
export class RescheduleLessonHandler implements ICommandHandler<RescheduleLesson> {
  constructor(private readonly ports: CoursePorts) {}

  execute({ context, input }: RescheduleLesson) {
    const { idempotencyKey, orderId, lessonNo, startsAt, minutes } = input;
    assertIdempotencyKey(idempotencyKey);
    return onTimetable(this.ports, context, {
      operation: 'rescheduleLesson',
      idempotencyKey,
      orderId,
      input: [String(lessonNo), startsAt, String(minutes ?? '')],
      command: ({ times, lessonMinutes }) => ({
        kind: 'reschedule',
        lesson: {
          lessonNo,
          startsAt,
          minutes: minutes ?? times.get(lessonNo)?.minutes ?? lessonMinutes,
        },
        at: this.ports.now(),
      }),
      codes: ['COURSE_ORDER_ENDED', 'LESSON_NOT_FOUND', 'LESSON_ALREADY_DELIVERED', 'INVALID_LESSON_TIME'],
    });
  }
}
