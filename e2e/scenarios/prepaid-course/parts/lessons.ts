import { contractOf, onContract, timelineOf } from '../../contract-acts.js';
import { dayFromToday } from '../../money-core/days.js';
import { holds } from '../../money-core/holds.js';
import { type Person, settled } from '../../person.js';
import { bringForward, done, give, lessonBecomes, onOrder, orderBecomes, orderOf } from '../course-acts.js';
import type { Order } from '../order.js';
import type { CourseStory } from '../story.js';
import { LESSONS } from '../terms.js';

/** After 8 lessons at ¥50.00 the other 16 cost ¥40.00 each. */
const NEW_PRICE = '1040.00';

/** One order from the first lesson to the last. */
export async function lessons(story: CourseStory): Promise<void> {
  story.part('Lessons');
  const order = story.order('whole');
  await story.step('24 lessons have their times', () => timetable(story, order));
  await story.step('confirmed: paid at once', () => confirmed(story, order));
  await story.step('nothing said: paid by the clock', () => silent(story, order));
  await story.step('objected to, and voted down', () => refunded(story, order));
  await story.step('objected to, and taken up again', () => thawed(story, order));
  await story.step('missed, and made up for under its own number', () => madeUp(story, order));
  await story.step('another price for what is to come', () => repriced(story, order));
  await story.step('the rest, to the last lesson', () => theRest(story, order));
}

/** Three lessons a week. */
export function scheduled(story: CourseStory, order: Order, firstDay = dayFromToday(2)): Promise<Order> {
  const input = { orderId: order.id, firstDate: firstDay, weekdays: [1, 3, 6], time: '18:00' };
  return onOrder(story, story.person('bursar'), 'scheduleLessons', input);
}

export const confirm = (story: CourseStory, who: Person, order: Order, lessonNo: number): Promise<Order> =>
  done(story, who, 'confirmLesson', { input: { orderId: order.id, lessonNo } });

/** @returns the dispute's id */
export async function objectTo(
  story: CourseStory,
  who: Person,
  order: Order,
  lessonNo: number,
): Promise<string> {
  const input = { orderId: order.id, lessonNo, objection: 'NOT_GIVEN' };
  await done(story, who, 'objectToLesson', { input });
  const { timetable } = await lessonBecomes(who, order, lessonNo, { status: 'DISPUTED' });
  return timetable[lessonNo - 1]!.disputeId!;
}

export function vote(
  story: CourseStory,
  who: Person,
  { contractId }: Order,
  decision: { readonly disputeId: string; readonly outcome: 'REFUND' | 'THAW' | 'RELEASE' },
) {
  return onContract(who, 'voteOnDispute', { idempotencyKey: story.key(), contractId, ...decision });
}

async function timetable(story: CourseStory, order: Order): Promise<string> {
  holds('after the end of the order', await scheduled(story, order, dayFromToday(80)), {
    code: 'INVALID_LESSON_TIME',
  });
  const planned = await scheduled(story, order);
  const statuses = planned.timetable.map(({ status }) => status);
  holds('the timetable', statuses, Array(LESSONS).fill('SCHEDULED'));
  const early = await onOrder(story, story.person('bursar'), 'deliverLesson', {
    orderId: order.id,
    lessonNo: 1,
  });
  holds('given before it has begun', early, { code: 'LESSON_NOT_BEGUN' });
  return 'three a week; none after the order ends, none given before its time';
}

async function confirmed(story: CourseStory, order: Order): Promise<string> {
  const [payer, bursar] = [story.person('payer'), story.person('bursar')];
  for (const lessonNo of [1, 2, 3]) {
    await give(story, order, lessonNo);
    const bySchool = await onOrder(story, bursar, 'confirmLesson', { orderId: order.id, lessonNo });
    holds('confirmed by the school itself', bySchool, { __typename: 'Forbidden' });
    const after = await confirm(story, payer, order, lessonNo);
    holds(`lesson ${lessonNo}`, after.timetable[lessonNo - 1], { status: 'RELEASED', consent: 'CONFIRMED' });
    holds('released', after.released.amount, `${50 * lessonNo}.00`);
  }
  return 'lessons 1 to 3, ¥150.00 to the school; the school cannot confirm its own';
}

async function silent(story: CourseStory, order: Order): Promise<string> {
  const payer = story.person('payer');
  for (const lessonNo of [4, 5]) {
    const given = await give(story, order, lessonNo);
    holds(`lesson ${lessonNo}`, given.timetable[lessonNo - 1], { status: 'DELIVERED' });
  }
  for (const lessonNo of [4, 5]) {
    await lessonBecomes(payer, order, lessonNo, { status: 'RELEASED', consent: 'DEEMED' });
  }
  const late = await onOrder(story, payer, 'objectToLesson', {
    orderId: order.id,
    lessonNo: 4,
    objection: 'NOT_GIVEN',
  });
  holds('an objection afterwards', late, { code: 'NOT_COOLING' });
  await orderBecomes(payer, order, { released: { amount: '250.00' } });
  const timers = (await timelineOf(payer, order.contractId)).filter(({ type }) => type === 'TimerFired');
  holds('timers that fired', timers.length, 2);
  return 'lessons 4 and 5, ¥250.00 to the school by now; an objection afterwards is too late';
}

async function refunded(story: CourseStory, order: Order): Promise<string> {
  const [payer, inspector] = [story.person('payer'), story.person('inspector')];
  await give(story, order, 6);
  const disputeId = await objectTo(story, payer, order, 6);
  holds('stands still', await contractOf(payer, order.contractId), {
    status: 'ACTIVE',
    frozen: { amount: '50.00' },
  });
  const refund = { disputeId, outcome: 'REFUND' } as const;
  const one = await vote(story, payer, order, refund);
  holds('one vote is not enough', one, { openDispute: { disputeId } });
  holds('the same vote again', await vote(story, payer, order, refund), { code: 'ALREADY_VOTED' });
  holds('a stranger’s', await vote(story, story.person('payer2'), order, refund), {
    code: 'CONTRACT_NOT_FOUND',
  });
  holds('the bureau’s', await vote(story, inspector, order, refund), {
    openDispute: null,
    refunded: { amount: '50.00' },
    frozen: { amount: '0.00' },
  });
  await lessonBecomes(payer, order, 6, { status: 'WAIVED' });
  return 'lesson 6, ¥50.00 back to the payer by two votes of three; the contract goes on';
}

async function thawed(story: CourseStory, order: Order): Promise<string> {
  const [payer, inspector, bursar] = [
    story.person('payer'),
    story.person('inspector'),
    story.person('bursar'),
  ];
  await give(story, order, 7);
  const disputeId = await objectTo(story, payer, order, 7);
  const thaw = { disputeId, outcome: 'THAW' } as const;
  await vote(story, bursar, order, thaw);
  holds('two votes', await vote(story, inspector, order, thaw), { openDispute: null });
  await lessonBecomes(payer, order, 7, { status: 'DELIVERED' });
  return 'lesson 7 by the votes of school and bureau; its notice goes on where it had stopped';
}

async function madeUp(story: CourseStory, order: Order): Promise<string> {
  const [payer, bursar] = [story.person('payer'), story.person('bursar')];
  await bringForward(story, order, [8]);
  const miss = { idempotencyKey: story.key(), orderId: order.id, lessonNo: 8, reason: '请假' };
  const missed = await settled(
    () => onOrder(story, bursar, 'markLessonMissed', miss),
    ({ code }) => code !== 'LESSON_NOT_BEGUN',
  );
  holds('missed', missed.timetable?.[7] ?? missed, { status: 'MISSED' });
  const asGiven = await onOrder(story, bursar, 'deliverLesson', { orderId: order.id, lessonNo: 8 });
  holds('said to be given all the same', asGiven, { code: 'LESSON_MISSED' });
  await give(story, order, 8);
  const after = await confirm(story, payer, order, 8);
  holds('lesson 8', after.timetable[7], { status: 'RELEASED', consent: 'CONFIRMED' });
  await lessonBecomes(payer, order, 7, { status: 'RELEASED', consent: 'DEEMED' });
  await orderBecomes(payer, order, { released: { amount: '350.00' }, refunded: { amount: '50.00' } });
  return 'lesson 8, nothing for the date that was missed; with lesson 7, by silence, ¥350.00 to the school by now';
}

async function repriced(story: CourseStory, order: Order): Promise<string> {
  const [payer, bursar] = [story.person('payer'), story.person('bursar')];
  const input = { orderId: order.id, total: { amount: NEW_PRICE }, reason: '调价' };
  const proposed = await done(story, bursar, 'repriceOrder', { input });
  holds('proposed', proposed, { proposedPrice: { total: { amount: NEW_PRICE } } });
  const refused = await onOrder(story, payer, 'acceptNewPrice', {
    orderId: order.id,
    expectedTotal: { amount: '1000.00' },
  });
  holds('another price accepted', refused, { code: 'AMOUNT_MISMATCH' });
  const accepted = await done(story, payer, 'acceptNewPrice', {
    input: { orderId: order.id, expectedTotal: { amount: NEW_PRICE } },
  });
  holds('accepted', accepted, {
    refunded: { amount: '210.00' },
    released: { amount: '350.00' },
    held: { amount: '640.00' },
  });
  return '¥160.00 of it back at once, ¥640.00 left for 16 lessons';
}

async function theRest(story: CourseStory, order: Order): Promise<string> {
  const payer = story.person('payer');
  for (let lessonNo = 9; lessonNo <= LESSONS; lessonNo += 1) {
    await give(story, order, lessonNo);
    if (lessonNo % 2 === 0) await confirm(story, payer, order, lessonNo);
  }
  const ended = await orderBecomes(payer, order, {
    status: 'ENDED',
    closed: { reason: 'paidOut' },
    released: { amount: '990.00' },
    refunded: { amount: '210.00' },
    held: { amount: '0.00' },
  });
  const statuses = ended.timetable.map(({ status }) => status);
  holds('released lessons', statuses.filter((status) => status === 'RELEASED').length, LESSONS - 1);
  holds('consent by silence', ended.timetable.filter(({ consent }) => consent === 'DEEMED').length, 11);
  holds('seen by the bureau', await orderOf(story.person('inspector'), order), { status: 'ENDED' });
  return '23 lessons paid, one refunded: ¥990.00 to the school, ¥210.00 to the payer, nothing left';
}
