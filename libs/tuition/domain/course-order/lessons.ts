import { accept, reject } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { CourseOrderCommand, CourseOrderEvent, LessonTime, OrderDecision } from './messages.js';
import type { KnownOrder, Lesson } from './state.js';

type Of<Kind extends CourseOrderCommand['kind']> = Extract<CourseOrderCommand, { kind: Kind }>;

const MS_PER_MINUTE = 60_000;

/** Gives times to lessons that have none; all of them or, where one cannot be, none. */
export function schedule({ lessons, at }: Of<'schedule'>, state: KnownOrder): OrderDecision {
  const named = new Set(state.times.keys());
  const taken: LessonTime[] = ahead(state);
  const events: CourseOrderEvent[] = [];
  if (lessons.length > state.lessons - state.times.size) return TOO_MANY;
  for (const lesson of lessons) {
    if (!isNumber(lesson.lessonNo, state)) return notFound(lesson.lessonNo);
    if (named.has(lesson.lessonNo)) return TOO_MANY;
    const fault = faultOfTime(lesson, { taken, state, at });
    if (fault) return fault;
    named.add(lesson.lessonNo);
    taken.push(lesson);
    const { lessonNo, startsAt, minutes } = lesson;
    events.push({
      type: 'LessonScheduled',
      data: { orderId: state.orderId, at, lessonNo, startsAt, minutes },
    });
  }
  return accept(...events);
}

export function reschedule({ lesson, at }: Of<'reschedule'>, state: KnownOrder): OrderDecision {
  const { lessonNo, startsAt, minutes } = lesson;
  const known = state.times.get(lessonNo);
  if (!known) return notFound(lessonNo);
  if (known.status === 'delivered') return DELIVERED;
  if (known.status === 'scheduled' && known.startsAt === startsAt && known.minutes === minutes)
    return accept();
  const taken = ahead(state).filter((other) => other.lessonNo !== lessonNo);
  const fault = faultOfTime(lesson, { taken, state, at });
  if (fault) return fault;
  const { orderId } = state;
  const change = { wasAt: known.startsAt, madeUp: known.status === 'missed' };
  return accept({ type: 'LessonRescheduled', data: { orderId, at, lessonNo, startsAt, minutes, ...change } });
}

export function miss({ lessonNo, reason, at }: Of<'miss'>, state: KnownOrder): OrderDecision {
  const known = begun(lessonNo, state, at);
  if (!('lessonNo' in known)) return known;
  if (known.status === 'delivered') return DELIVERED;
  if (known.status === 'missed') return accept();
  return accept({ type: 'LessonMissed', data: { orderId: state.orderId, at, lessonNo, reason } });
}

export function deliver({ lessonNo, account, at }: Of<'deliver'>, state: KnownOrder): OrderDecision {
  const known = begun(lessonNo, state, at);
  if (!('lessonNo' in known)) return known;
  if (known.status === 'delivered') return accept();
  if (known.status === 'missed') {
    return reject({ code: 'LESSON_MISSED', message: 'The lesson was missed; give it another time first.' });
  }
  const { startsAt, minutes } = known;
  const data = { orderId: state.orderId, at, lessonNo, startsAt, minutes };
  return accept({
    type: 'LessonDelivered',
    data: { ...data, attempt: known.attempts + 1, deliveredBy: account },
  });
}

/** The contract does not take the evidence: the lesson can be handed over again. */
export function refuseDelivery(
  { lessonNo, code, at }: Of<'refuseDelivery'>,
  state: KnownOrder,
): OrderDecision {
  if (state.status === 'closed' || state.times.get(lessonNo)?.status !== 'delivered') return accept();
  return accept({ type: 'LessonDeliveryRefused', data: { orderId: state.orderId, at, lessonNo, code } });
}

function begun(lessonNo: number, state: KnownOrder, at: Instant): Lesson | OrderDecision {
  const known = state.times.get(lessonNo);
  if (!known) return notFound(lessonNo);
  if (known.startsAt <= at) return known;
  return reject({
    code: 'LESSON_NOT_BEGUN',
    message: 'The lesson has not begun yet.',
    details: { startsAt: known.startsAt },
  });
}

/** What is still to come or under way. A lesson that was given or missed is over, also where it was given in less time than planned. */
function ahead({ times }: KnownOrder): Lesson[] {
  return [...times.values()].filter(({ status }) => status === 'scheduled');
}

interface Timetable {
  readonly taken: readonly LessonTime[];
  readonly state: KnownOrder;
  readonly at: Instant;
}

/** A lesson lies ahead, ends within the order's time, and a student is in one lesson at a time. */
function faultOfTime(lesson: LessonTime, { taken, state, at }: Timetable): OrderDecision | undefined {
  const startMs = epochMsOf(lesson.startsAt);
  const endMs = endOf(lesson);
  if (!Number.isInteger(lesson.minutes) || lesson.minutes < 10 || lesson.minutes > 480) {
    return invalidTime('A lesson takes 10 to 480 minutes.');
  }
  if (lesson.startsAt <= at) return invalidTime('A lesson is given a time to come.');
  if (endMs > epochMsOf(state.endsAt)) return invalidTime('The lesson would end after the order does.');
  const clashes = taken.some((other) => startMs < endOf(other) && epochMsOf(other.startsAt) < endMs);
  return clashes ? invalidTime('Two lessons would be at the same time.') : undefined;
}

function endOf({ startsAt, minutes }: LessonTime): number {
  return epochMsOf(startsAt) + minutes * MS_PER_MINUTE;
}

function isNumber(lessonNo: number, { lessons }: KnownOrder): boolean {
  return Number.isInteger(lessonNo) && lessonNo >= 1 && lessonNo <= lessons;
}

function notFound(lessonNo: number): OrderDecision {
  const message = 'There is no such lesson, or it has no time yet.';
  return reject({ code: 'LESSON_NOT_FOUND', message, details: { lessonNo: String(lessonNo) } });
}

function invalidTime(message: string): OrderDecision {
  return reject({ code: 'INVALID_LESSON_TIME', message });
}

const TOO_MANY = reject<Rejection<'TOO_MANY_LESSONS'>>({
  code: 'TOO_MANY_LESSONS',
  message: 'No more lessons of the package are without a time.',
});
const DELIVERED = reject<Rejection<'LESSON_ALREADY_DELIVERED'>>({
  code: 'LESSON_ALREADY_DELIVERED',
  message: 'The lesson was given already.',
});
