import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { RepriceCourse } from '../../contract/courses.js';
import { changeCourse, courseOf, COURSE_NOT_FOUND } from './change-course.js';
import { CoursePorts } from './course-ports.js';
import { narrow, refused } from './narrow.js';
import { assetOf, packagesOf } from './offer.js';
import { FORBIDDEN } from './order-access.js';
import { courseViewOf } from './order-view.js';

/** Other prices for orders to come; the account that names them gives the school's word from here on. */
@CommandHandler(RepriceCourse)
export class RepriceCourseHandler implements ICommandHandler<RepriceCourse> {
  constructor(private readonly ports: CoursePorts) {}

  async execute({ context, input }: RepriceCourse) {
    const { accountId, organisation, roles } = context.caller;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    assertIdempotencyKey(input.idempotencyKey);
    const course = await courseOf(this.ports, context, input.courseId);
    if (course?.organisationId !== organisation) return COURSE_NOT_FOUND;
    if (assetOf(input.packages) !== course.asset) return INVALID;
    const packages = packagesOf(input.packages);
    const conflict = await this.ports.claim(context, 'repriceCourse', {
      idempotencyKey: input.idempotencyKey,
      input: [input.courseId, ...packages.map(({ lessons, price }) => `${lessons}=${price}`)],
    });
    if (conflict) return { accepted: false as const, rejection: conflict };
    const command = { kind: 'reprice', packages, account: accountId, at: this.ports.now() } as const;
    const changed = await changeCourse(this.ports, context, input, command);
    if (!changed.accepted) {
      return narrow(changed.rejection, ['COURSE_NOT_FOUND', 'COURSE_WITHDRAWN', 'INVALID_COURSE']);
    }
    return { accepted: true as const, value: courseViewOf(changed.course) };
  }
}

const INVALID = refused('INVALID_COURSE', 'Prices stay in the currency of the course.');
