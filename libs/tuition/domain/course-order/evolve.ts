import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { CourseOrderEvent } from './messages.js';
import type { CourseOrderState, KnownOrder, Lesson } from './state.js';

export function evolve(state: CourseOrderState, event: CourseOrderEvent): CourseOrderState {
  if (event.type === 'CourseOrdered') {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('One order placed twice.');
    return { status: 'open', ...event.data, times: new Map(), withdrawals: 0, proposal: null, closed: null };
  }
  if (state.status === 'absent') throw new ImpossibleHistoryError(`${event.type} of no order.`);
  if (state.status === 'closed') throw new ImpossibleHistoryError(`${event.type} after the end.`);
  return evolveKnown(state, event);
}

function evolveKnown(
  state: KnownOrder,
  event: Exclude<CourseOrderEvent, { type: 'CourseOrdered' }>,
): CourseOrderState {
  switch (event.type) {
    case 'LessonScheduled': {
      const { lessonNo, startsAt, minutes } = event.data;
      if (state.times.has(lessonNo)) throw new ImpossibleHistoryError('A lesson scheduled twice.');
      return withLesson(state, { lessonNo, startsAt, minutes, ...UNTOUCHED });
    }
    case 'LessonRescheduled': {
      const { lessonNo, startsAt, minutes } = event.data;
      return withLesson(state, { ...lessonOf(state, lessonNo), startsAt, minutes, status: 'scheduled' });
    }
    case 'LessonMissed':
      return withLesson(state, { ...lessonOf(state, event.data.lessonNo), status: 'missed' });
    case 'LessonDelivered': {
      const { lessonNo, attempt, at, deliveredBy } = event.data;
      const lesson = lessonOf(state, lessonNo);
      return withLesson(state, {
        ...lesson,
        status: 'delivered',
        attempts: attempt,
        deliveredAt: at,
        deliveredBy,
      });
    }
    case 'LessonDeliveryRefused': {
      const lesson = lessonOf(state, event.data.lessonNo);
      if (lesson.status !== 'delivered')
        throw new ImpossibleHistoryError('Refused what was not handed over.');
      return withLesson(state, { ...lesson, status: 'scheduled', deliveredAt: null, deliveredBy: null });
    }
    case 'OrderWithdrawn':
      return { ...state, status: 'withdrawn', withdrawals: event.data.attempt };
    case 'OrderWithdrawalRefused':
      return { ...state, status: 'open' };
    case 'OrderPriceProposed': {
      const { amendmentId, total, reason, proposedBy } = event.data;
      return { ...state, proposal: { amendmentId, total, reason, proposedBy } };
    }
    case 'OrderPriceDropped':
      return { ...state, proposal: null };
    case 'OrderRepriced':
      return { ...state, proposal: null, total: event.data.total };
    case 'OrderClosed': {
      const { reason, code } = event.data;
      return { ...state, status: 'closed', proposal: null, closed: { reason, code } };
    }
    default:
      return assertNever(event, 'course order event');
  }
}

const UNTOUCHED = { status: 'scheduled', attempts: 0, deliveredAt: null, deliveredBy: null } as const;

function lessonOf(state: KnownOrder, lessonNo: number): Lesson {
  const lesson = state.times.get(lessonNo);
  if (!lesson) throw new ImpossibleHistoryError(`Lesson ${lessonNo} has no time.`);
  return lesson;
}

function withLesson(state: KnownOrder, lesson: Lesson): KnownOrder {
  return { ...state, times: new Map(state.times).set(lesson.lessonNo, lesson) };
}
