import { contractOf } from '../../contract-acts.js';
import { approve } from '../../money-core/approving.js';
import { type Payment, byOperator, byWallet, paymentBecomes } from '../../money-core/acts.js';
import { dayFromToday } from '../../money-core/days.js';
import { holds } from '../../money-core/holds.js';
import { settled } from '../../person.js';
import { done, onOrder, orderBecomes } from '../course-acts.js';
import { custodyOf } from '../custody.js';
import type { Order } from '../order.js';
import type { CourseStory, OrderName } from '../story.js';
import { COURSE_PRICE, LESSONS } from '../terms.js';

/** Long enough to confirm in on a busy machine, short enough to wait for. */
const NOTICE = 'PT3S';
const ORDERED: readonly (readonly [OrderName, 'payer' | 'payer2'])[] = [
  ['whole', 'payer'],
  ['withdrawn', 'payer2'],
  ['byOperator', 'payer'],
  ['given', 'payer2'],
  ['objected', 'payer'],
  ['unpaid', 'payer2'],
];

/** A region's rules, a school's offer, and who buys. */
export async function sale(story: CourseStory): Promise<void> {
  story.part('Sale of a course of 24 lessons');
  await story.step('operations set a region with a short notice, and a second person agrees', () =>
    region(story),
  );
  await story.step('the school offers a course under its bureau', () => offer(story));
  await story.step('orders at the price shown, and at no other', () => orders(story));
  await story.step('paid by wallet', () => byWallets(story));
  await story.step('paid through a bank', () => throughBank(story));
  await story.step('custody in the ledger is what the contracts say', async () => {
    const custody = await custodyOf(story, [...story.made.contractIds]);
    holds('contracts with money', custody.filter(({ held }) => held === COURSE_PRICE).length, 5);
    holds('contracts without', custody.filter(({ held }) => held === '0.00').length, 1);
    return '¥1200.00 each in five accounts of custody, nothing in the one that is not paid for';
  });
}

async function region(story: CourseStory): Promise<string> {
  const { region: name } = story.made;
  const [ops, ops2] = [story.person('ops'), story.person('ops2')];
  const value = (parameter: string, of: object) => ({
    templateId: 'tuition-per-lesson',
    parameter: { name: parameter, value: of },
  });
  const input = {
    idempotencyKey: story.key(),
    region: name,
    effectiveFrom: dayFromToday(0),
    holidays: [],
    workingDays: [],
    values: [
      value('cooling', { text: NOTICE }),
      value('maxTotal', { amount: { amount: '5000.00' } }),
      value('maxLessons', { text: '60' }),
    ],
    reason: '试点',
  };
  const proposed = await ops.act<{ readonly approvalId: string }>(
    'setRegionalParameters',
    input,
    '... on RegionalProposal { approvalId }',
  );
  holds('the proposal', proposed, { __typename: 'RegionalProposal' });
  const own = await ops.get<{ readonly mayDecide: boolean } | null>(
    'query A($id: ID!) { approval(id: $id) { mayDecide } }',
    { id: proposed.approvalId },
  );
  holds('whoever proposed', own ?? { mayDecide: false }, { mayDecide: false });
  await approve(ops2, proposed.approvalId, 'RATE_RULE');
  await settled(
    () =>
      ops.get<object | null>('query R($r: String!) { regionalParameters(region: $r) { region } }', {
        r: name,
      }),
    (found) => found !== null,
  );
  const again = { ...input, idempotencyKey: story.key() };
  const second = await ops.act('setRegionalParameters', again, '');
  holds('another set for the same day', second, { code: 'PARAMETERS_FOR_THE_PAST' });
  return `${name}: ${NOTICE} to object to a lesson, in force today; a day that has rules keeps them`;
}

async function offer(story: CourseStory): Promise<string> {
  const bursar = story.person('bursar');
  const input = {
    idempotencyKey: story.key(),
    name: `初中数学 ${story.run}`,
    subject: '数学',
    lessonMinutes: 45,
    packages: [
      { lessons: 12, price: { amount: '660.00' } },
      { lessons: LESSONS, price: { amount: COURSE_PRICE } },
    ],
    authorityId: story.bureau,
    region: story.made.region,
  };
  const fields = '... on Course { id status packages { lessons price { amount } } }';
  const course = await bursar.act<{ readonly id: string }>('publishCourse', input, fields);
  holds('the course', course, { __typename: 'Course', status: 'PUBLISHED', packages: input.packages });
  holds('the same again', await bursar.act('publishCourse', input, fields), course);
  const own = { ...input, idempotencyKey: story.key(), authorityId: story.school };
  holds('watched over by itself', await bursar.act('publishCourse', own, fields), { code: 'INVALID_COURSE' });
  story.made.courseId = course.id;
  return `${LESSONS} lessons for ¥${COURSE_PRICE}; a school is not its own bureau`;
}

async function orders(story: CourseStory): Promise<string> {
  const { courseId } = story.made;
  const input = { courseId, lessons: LESSONS, expectedPrice: { amount: COURSE_PRICE }, studentNo: '0001' };
  const cheaper = { ...input, expectedPrice: { amount: '1199.99' } };
  const refused = await onOrder(story, story.person('payer'), 'orderCourse', cheaper);
  holds('another price', refused, { code: 'AMOUNT_MISMATCH' });
  const sizes = await onOrder(story, story.person('payer'), 'orderCourse', { ...input, lessons: 48 });
  holds('a package that is not sold', sizes, { code: 'PACKAGE_NOT_FOUND' });
  for (const [name, payer] of ORDERED) {
    const who = story.person(payer);
    const order = await done(story, who, 'orderCourse', { input, wanted: { status: 'AWAITING_PAYMENT' } });
    story.made.orders.set(name, order);
    story.made.contractIds.add(order.contractId);
    const contract = await settled(
      () => contractOf(who, order.contractId),
      (found) => found !== null,
    );
    holds('its contract', contract, { status: 'AWAITING_FUNDING', unsigned: [] });
  }
  const { id } = story.order('whole');
  const seen = await story.person('payer2').get('query O($id: ID!) { courseOrder(id: $id) { id } }', { id });
  holds('somebody else’s order', seen, null);
  return `${ORDERED.length} orders, each with a contract that both sides have signed`;
}

async function byWallets(story: CourseStory): Promise<string> {
  const paying = ORDERED.filter(([name]) => name !== 'byOperator' && name !== 'unpaid');
  for (const [name, payer] of paying) {
    const order = story.order(name);
    if (name === 'whole') await wrongly(story, order);
    const payment = await fund(story, payer, order, { method: byWallet(story.wallet(payer)) });
    holds('payment', payment, { __typename: 'Payment', status: 'CAPTURED' });
    await orderBecomes(story.person(payer), order, {
      status: 'ACTIVE',
      held: { amount: COURSE_PRICE },
      funded: { amount: COURSE_PRICE },
    });
  }
  return `${paying.length} orders active; too little, too much and twice refused`;
}

async function wrongly(story: CourseStory, order: Order): Promise<void> {
  const method = byWallet(story.wallet('payer'));
  const less = await fund(story, 'payer', order, { method, amount: '1199.99' });
  holds('too little', less, { code: 'BELOW_MIN_FUNDING' });
  const more = await fund(story, 'payer', order, { method, amount: '1200.01' });
  holds('too much', more, { code: 'EXCEEDS_MAX_FUNDING' });
}

async function throughBank(story: CourseStory): Promise<string> {
  const order = story.order('byOperator');
  const payer = story.person('payer');
  const payment = await fund(story, 'payer', order, { method: byOperator() });
  holds('payment', payment, { __typename: 'Payment' });
  const captured = await paymentBecomes(payer, payment.id, 'CAPTURED');
  const receipt = { status: 'ISSUED', total: { amount: COURSE_PRICE } };
  const shown = await settled(
    () => paymentBecomes(payer, captured.id, 'CAPTURED'),
    ({ receipts }) => receipts.length > 0,
  );
  holds('its receipt', shown.receipts, [receipt]);
  await orderBecomes(payer, order, { status: 'ACTIVE', held: { amount: COURSE_PRICE } });
  const twice = await fund(story, 'payer', order, { method: byWallet(story.wallet('payer')) });
  holds('paid again', twice, { code: 'FUNDING_CLOSED' });
  return 'collected, receipted and in custody; paying again refused';
}

/** The whole price unless told otherwise. */
function fund(
  story: CourseStory,
  payer: 'payer' | 'payer2',
  { contractId }: Order,
  { method, amount = COURSE_PRICE }: { readonly method: object; readonly amount?: string },
): Promise<Payment> {
  return story
    .person(payer)
    .act<Payment>(
      'fundContract',
      { idempotencyKey: story.key(), contractId, amount: { amount }, method },
      '... on Payment { id status receipts { status total { amount } } }',
    );
}
