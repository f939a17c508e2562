import { holds } from '../../money-core/holds.js';
import { fen, yuan } from '../../money-core/money.js';
import { settled } from '../../person.js';
import { bringForward, done, give, onOrder, orderBecomes } from '../course-acts.js';
import type { CourseStory, OrderName } from '../story.js';
import { confirm, objectTo, scheduled } from './lessons.js';

interface Deliveries {
  readonly __typename: string;
  readonly deliveries: readonly { readonly refusal: { readonly code: string } | null }[];
}

const CLASS: readonly OrderName[] = ['withdrawn', 'byOperator', 'given', 'objected'];

/** Several students of a class, one of whom leaves. */
export async function withdrawal(story: CourseStory): Promise<void> {
  story.part('A class, and a payer who withdraws');
  const [payer, payer2, bursar] = [story.person('payer'), story.person('payer2'), story.person('bursar')];

  await story.step('the whole class at once', async () => {
    for (const name of CLASS) {
      const order = story.order(name);
      holds('scheduled', await scheduled(story, order), { __typename: 'CourseOrder' });
      await bringForward(story, order, [1]);
    }
    const lessons = [...CLASS.map((name) => story.order(name).id), story.order('whole').id];
    const input = {
      idempotencyKey: story.key(),
      lessons: lessons.map((orderId) => ({ orderId, lessonNo: 1 })),
    };
    const say = () =>
      bursar.act<Deliveries>(
        'deliverLessons',
        input,
        '... on LessonDeliveries { deliveries { refusal { code } } }',
      );
    const said = await settled(say, ({ deliveries }) =>
      deliveries.slice(0, CLASS.length).every(({ refusal }) => refusal === null),
    );
    holds('deliveries', said, { __typename: 'LessonDeliveries' });
    await objectTo(story, payer, story.order('objected'), 1);
    await confirm(story, payer2, story.order('withdrawn'), 1);
    await confirm(story, payer, story.order('byOperator'), 1);
    return 'four lessons in one go; two confirmed, one objected to and left open, one without a word';
  });

  await story.step('withdrawn mid-term: the rest comes back to the wallet', async () => {
    const order = story.order('withdrawn');
    const before = await story.spentBy('payer2');
    await give(story, order, 2);
    const foreign = await onOrder(story, payer, 'withdrawFromCourse', { orderId: order.id, reason: '搬家' });
    holds('by somebody else', foreign, { code: 'COURSE_ORDER_NOT_FOUND' });
    const withdrawn = await done(story, payer2, 'withdrawFromCourse', {
      input: { orderId: order.id, reason: '搬家' },
    });
    holds('withdrawn', withdrawn, { refunded: { amount: '1100.00' }, released: { amount: '50.00' } });
    const back = async () => yuan(before - (await story.spentBy('payer2')));
    holds('back in the wallet', await settled(back, (sum) => sum === '1100.00').catch(back), '1100.00');
    await orderBecomes(payer2, order, {
      status: 'ENDED',
      closed: { reason: /^(final|withdrawn)$/ },
      released: { amount: '100.00' },
      refunded: { amount: '1100.00' },
      held: { amount: '0.00' },
    });
    const again = await onOrder(story, bursar, 'deliverLesson', { orderId: order.id, lessonNo: 3 });
    holds('a lesson afterwards', again, { code: 'COURSE_ORDER_ENDED' });
    holds('all of it', fen('1100.00') + fen('100.00'), fen('1200.00'));
    return '¥1100.00 back; the lesson that was given is still paid when its notice is over';
  });
}
