/** What specs of prepaid courses do with lessons. */
import { addDays, localDateOf } from '#libs/kernel/time/index.js';
import { DeliverLesson, ScheduleLessons, type CourseOrderView } from '#libs/tuition/contract/courses.js';
import { clerk, type CoursesWorld } from './courses-world.js';
import { accepted } from './payment-fixture.js';

/** Every other day from tomorrow at 18:00, so that each lesson is given before the next. */
export async function scheduled(world: CoursesWorld, order: CourseOrderView, idempotencyKey = 's') {
  const firstDate = addDays(localDateOf(world.now()), 1);
  const series = { firstDate, weekdays: [1, 2, 3, 4, 5, 6, 7], time: '18:00', except: [] };
  return accepted<CourseOrderView>(
    await world.execute(new ScheduleLessons(clerk(), { idempotencyKey, orderId: order.id, ...series })),
  );
}

export const deliver = (order: CourseOrderView, lessonNo: number, key = `d${lessonNo}`) =>
  new DeliverLesson(clerk(), { idempotencyKey: key, orderId: order.id, lessonNo });

export const codeOf = (outcome: { accepted: boolean; rejection?: { code: string } }) =>
  outcome.accepted ? 'accepted' : outcome.rejection?.code;
