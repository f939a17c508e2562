import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { DeliverLessons, type LessonDelivery } from '../../contract/courses.js';
import { eachBounded } from '../bounded.js';
import { CoursePorts } from './course-ports.js';
import { LessonDesk } from './deliver-lesson.js';
import { refused } from './narrow.js';
import { FORBIDDEN, isStaffOfSchool } from './order-access.js';

/** A class of today; signing and storing of more would outlast a request. */
const MOST_LESSONS = 200;
const AT_ONCE = 16;

/** A whole class at once. Each lesson stands for itself: one that is refused keeps no other from being taken. */
@CommandHandler(DeliverLessons)
export class DeliverLessonsHandler implements ICommandHandler<DeliverLessons> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly desk: LessonDesk,
  ) {}

  async execute({ context, input }: DeliverLessons) {
    const { idempotencyKey, lessons } = input;
    if (!isStaffOfSchool(context)) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    if (lessons.length > MOST_LESSONS) return TOO_MANY;
    const claim = {
      idempotencyKey,
      input: lessons.map(({ orderId, lessonNo }) => `${orderId} ${lessonNo}`),
    };
    const conflict = await this.ports.claim(context, 'deliverLessons', claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const deliveries: LessonDelivery[] = [];
    await eachBounded(lessons, AT_ONCE, async ({ orderId, lessonNo }, index) => {
      const outcome = await this.desk.deliver(context, orderId, lessonNo);
      deliveries[index] = { orderId, lessonNo, outcome };
    });
    return { accepted: true as const, value: { deliveries } };
  }
}

const TOO_MANY = refused('TOO_MANY_LESSONS', 'At most 200 lessons are handed over at once.');
