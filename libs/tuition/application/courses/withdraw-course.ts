import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { WithdrawCourse } from '../../contract/courses.js';
import { changeCourse } from './change-course.js';
import { CoursePorts } from './course-ports.js';
import { narrow } from './narrow.js';
import { FORBIDDEN } from './order-access.js';
import { courseViewOf } from './order-view.js';

/** The course takes no more orders; those placed go on. */
@CommandHandler(WithdrawCourse)
export class WithdrawCourseHandler implements ICommandHandler<WithdrawCourse> {
  constructor(private readonly ports: CoursePorts) {}

  async execute({ context, input }: WithdrawCourse) {
    const { accountId, organisation, roles } = context.caller;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    const { idempotencyKey, courseId } = input;
    assertIdempotencyKey(idempotencyKey);
    const claim = { idempotencyKey, input: [courseId] };
    const conflict = await this.ports.claim(context, 'withdrawCourse', claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const command = { kind: 'withdraw', account: accountId, at: this.ports.now() } as const;
    const changed = await changeCourse(this.ports, context, input, command);
    if (!changed.accepted) return narrow(changed.rejection, ['COURSE_NOT_FOUND']);
    return { accepted: true as const, value: courseViewOf(changed.course) };
  }
}
