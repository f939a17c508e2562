import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { ScheduleLessons } from '../../contract/courses.js';
import { lessonSeries, type KnownOrder, type LessonTime } from '../../domain/course-order/index.js';
import { CoursePorts } from './course-ports.js';
import { narrow, refused } from './narrow.js';
import { orderForStaff } from './order-access.js';
import { orderViewOf } from './order-view.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MOST_EXCEPTIONS = 100;
const MOST_LESSONS = 48;

/** Lessons week by week, in order of the numbers that have no time yet. */
@CommandHandler(ScheduleLessons)
export class ScheduleLessonsHandler implements ICommandHandler<ScheduleLessons> {
  constructor(private readonly ports: CoursePorts) {}

  async execute({ context, input }: ScheduleLessons) {
    const { idempotencyKey, orderId, firstDate, weekdays, time, except, count } = input;
    assertIdempotencyKey(idempotencyKey);
    assertSeries(input);
    const found = await orderForStaff(this.ports, context, orderId);
    if (!found.accepted) return found;
    const claim = [orderId, firstDate, weekdays.join(), time, except.join(), String(count ?? '')];
    const conflict = await this.ports.claim(context, 'scheduleLessons', { idempotencyKey, input: claim });
    if (conflict) return { accepted: false as const, rejection: conflict };
    const lessons = timesFor(found.order, input);
    if (!lessons) return NO_DAYS;
    const { accountId } = context.caller;
    const step = {
      name: `schedule ${accountId} ${idempotencyKey}`,
      actor: accountId,
      correlationId: context.correlationId,
    };
    const command = { kind: 'schedule', lessons, at: this.ports.now() } as const;
    const decided = await this.ports.decide(found.order, step, command);
    if (!decided.accepted) {
      return narrow(decided.rejection, ['COURSE_ORDER_ENDED', 'TOO_MANY_LESSONS', 'INVALID_LESSON_TIME']);
    }
    const { order } = decided;
    const contract = await this.ports.contracts.find(order.tenant, order.contractId);
    return { accepted: true as const, value: orderViewOf(order, contract) };
  }
}

/** `undefined`: the series has not that many days. More lessons than are without a time are the decider's to refuse. */
function timesFor(
  order: KnownOrder,
  { firstDate, weekdays, time, except, count }: ScheduleLessons['input'],
): readonly LessonTime[] | undefined {
  const free = Array.from({ length: order.lessons }, (_, index) => index + 1).filter(
    (lessonNo) => !order.times.has(lessonNo),
  );
  const wanted = count ?? free.length;
  const starts = lessonSeries({ firstDate, weekdays, time, except }, wanted);
  if (starts.length < wanted) return undefined;
  return starts.map((startsAt, index) => ({
    lessonNo: free[index] ?? order.lessons + 1,
    startsAt,
    minutes: order.lessonMinutes,
  }));
}

function assertSeries({ weekdays, time, except, count }: ScheduleLessons['input']): void {
  const isSound =
    TIME.test(time) &&
    weekdays.length <= 7 &&
    weekdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7) &&
    except.length <= MOST_EXCEPTIONS &&
    (count === undefined || (Number.isInteger(count) && count > 0 && count <= MOST_LESSONS));
  if (isSound) return;
  throw new InvalidInputError(
    'INVALID_SERIES',
    'A series has weekdays 1 (Monday) to 7, a time such as 18:30, at most 100 exceptions and a count of 1 to 48.',
    ['input'],
  );
}

const NO_DAYS = refused('INVALID_LESSON_TIME', 'The series has not that many days.');
