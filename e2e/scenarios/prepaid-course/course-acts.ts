import { momentIn } from '../money-core/days.js';
import { holds } from '../money-core/holds.js';
import { type Person, settled } from '../person.js';
import type { Lesson, Order } from './order.js';
import type { CourseStory } from './story.js';

const ORDER = `id contractId status closed { reason } total { amount } funded { amount } released { amount }
  refunded { amount } held { amount } proposedPrice { total { amount } }
  timetable { lessonNo status consent amount { amount } disputeId }`;

/** A lesson begins so soon after it is moved; it cannot be moved into the past. */
const SOON_MS = 100;

/** What the mutation answers, whatever it is. */
export function onOrder(story: CourseStory, who: Person, mutation: string, input: object): Promise<Order> {
  const keyed = { idempotencyKey: story.key(), ...input };
  return who.act<Order>(mutation, keyed, `... on CourseOrder { ${ORDER} }`);
}

/** @throws NotAsItShouldBe unless the order is answered, and is so */
export async function done(
  story: CourseStory,
  who: Person,
  mutation: string,
  { input, wanted = {} }: { readonly input: object; readonly wanted?: object },
): Promise<Order> {
  const order = await onOrder(story, who, mutation, input);
  holds(mutation, order, { __typename: 'CourseOrder', ...wanted });
  return order;
}

export function orderOf(who: Person, { id }: Pick<Order, 'id'>): Promise<Order> {
  return who.get<Order>(`query O($id: ID!) { courseOrder(id: $id) { __typename ${ORDER} } }`, { id });
}

/** Asks until the order is so. @throws NotAsItShouldBe with what it is instead */
export async function orderBecomes(
  who: Person,
  order: Pick<Order, 'id'>,
  wanted: { readonly [Field in keyof Order]?: unknown },
): Promise<Order> {
  const isSo = (found: Order): boolean => {
    try {
      holds('the order', found, wanted);
      return true;
    } catch {
      return false;
    }
  };
  const found = await settled(() => orderOf(who, order), isSo).catch(() => orderOf(who, order));
  holds('the order', found, wanted);
  return found;
}

/** The lesson's place in the timetable. @throws NotAsItShouldBe unless it becomes so */
export async function lessonBecomes(
  who: Person,
  order: Pick<Order, 'id'>,
  lessonNo: number,
  wanted: Partial<Lesson>,
): Promise<Order> {
  const at = (found: Order) => found.timetable[lessonNo - 1]!;
  const isSo = (found: Order) =>
    Object.entries(wanted).every(([name, value]) => at(found)[name as keyof Lesson] === value);
  const ask = () => orderOf(who, order);
  const found = await settled(ask, isSo).catch(ask);
  holds(`lesson ${lessonNo}`, at(found), wanted);
  return found;
}

/** Moves lessons to the next moment; to the one after it where that has gone by meanwhile. */
export async function bringForward(
  story: CourseStory,
  order: Order,
  lessonNos: readonly number[],
): Promise<void> {
  for (const lessonNo of lessonNos) {
    const move = () => {
      const startsAt = momentIn(SOON_MS);
      const input = { orderId: order.id, lessonNo, startsAt, minutes: 10 };
      return onOrder(story, story.person('bursar'), 'rescheduleLesson', input);
    };
    const moved = await settled(move, ({ code }) => code !== 'INVALID_LESSON_TIME').catch(move);
    holds('a lesson moved', moved, { __typename: 'CourseOrder' });
  }
}

/** The teacher says again that it was given until it has begun. */
export async function deliver(story: CourseStory, order: Order, lessonNo: number): Promise<Order> {
  const bursar = story.person('bursar');
  const input = { orderId: order.id, lessonNo, idempotencyKey: story.key() };
  const given = await settled(
    () => onOrder(story, bursar, 'deliverLesson', input),
    ({ code }) => code !== 'LESSON_NOT_BEGUN',
  );
  holds('a lesson given', given, { __typename: 'CourseOrder' });
  return given;
}

export async function give(story: CourseStory, order: Order, lessonNo: number): Promise<Order> {
  await bringForward(story, order, [lessonNo]);
  return deliver(story, order, lessonNo);
}
