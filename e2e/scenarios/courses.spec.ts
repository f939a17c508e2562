import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readWorkbookFile } from '#libs/testing/read-workbook.js';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { openSchool, walletWith } from './tuition-acts.js';

interface Money {
  readonly amount: string;
}
interface Order {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly contractId: string;
  readonly status: string;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly timetable: readonly { readonly status: string; readonly consent: string | null }[];
}
interface MassRefund {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly approvalId: string;
  readonly state: string;
  readonly processed: number;
  readonly total: number;
  readonly rowErrors: number;
  readonly resultUrl: string | null;
  readonly sums: readonly Readonly<Record<'heldBefore' | 'refunded' | 'released' | 'owed', Money>>[];
}

const FIGURES = 'released { amount } refunded { amount } held { amount }';
const ORDER = `... on CourseOrder { id contractId status ${FIGURES} timetable { status consent } }`;
const MASS_REFUND =
  'id approvalId state processed total rowErrors resultUrl sums { heldBefore { amount } refunded { amount } released { amount } owed { amount } }';

let floor: ShopFloor;
let [bursar, payer, inspector, ops]: Person[] = [];
let [school, authority, wallet, course]: string[] = [];

/** Again after a restart, which gives the product another address. */
async function everybodyIsThere(): Promise<void> {
  [bursar, payer] = [await floor.person('bursar1'), await floor.person('payer')];
  [inspector, ops] = [await floor.person('supervisor'), await floor.person('ops')];
}

beforeAll(async () => {
  floor = await ShopFloor.open();
  await everybodyIsThere();
  const bd = await floor.person('bd');
  school = await openSchool(bd, bursar!, 'school-1');
  authority = await openSchool(bd, await floor.person('bursar'), 'school-2');
  wallet = await walletWith(payer!, '5000.00');
});
afterAll(() => floor.close());

const order = (id: string) =>
  payer!.get<Order>(
    `query O($id: ID!) { courseOrder(id: $id) { __typename id contractId status ${FIGURES} timetable { status consent } } }`,
    { id },
  );

async function bought(idempotencyKey: string): Promise<Order> {
  const ordered = await payer!.act<Order>(
    'orderCourse',
    {
      idempotencyKey,
      courseId: course,
      lessons: 12,
      expectedPrice: { amount: '1200.00' },
      studentNo: '0001',
    },
    ORDER,
  );
  const paid = await payer!.act<{ readonly __typename: string; readonly status?: string }>(
    'fundContract',
    {
      idempotencyKey,
      contractId: ordered.contractId,
      amount: { amount: '1200.00' },
      method: { wallet: { walletId: wallet } },
    },
    '... on Payment { status }',
  );
  expect(paid).toMatchObject({ __typename: 'Payment', status: 'CAPTURED' });
  const series = { firstDate: '2098-01-01', time: '18:00' };
  const name = `schedule ${idempotencyKey}`;
  // The contract ends before: the times have to lie within the order.
  const late = await bursar!.act<Order>(
    'scheduleLessons',
    { idempotencyKey: name, orderId: ordered.id, ...series },
    ORDER,
  );
  expect(late.code).toBe('INVALID_LESSON_TIME');
  const firstDate = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const planned = await bursar!.act<Order>(
    'scheduleLessons',
    { idempotencyKey: `${name} again`, orderId: ordered.id, firstDate, time: '18:00' },
    ORDER,
  );
  expect(planned.timetable.map(({ status }) => status)).toEqual(Array(12).fill('SCHEDULED'));
  return order(ordered.id);
}

/** Moved to the next moment, and given. */
async function given(orderId: string, lessonNo: number): Promise<void> {
  const startsAt = new Date(Date.now() + 400 + lessonNo).toISOString();
  const idempotencyKey = `lesson ${orderId} ${lessonNo}`;
  const moved = await bursar!.act<Order>(
    'rescheduleLesson',
    { idempotencyKey, orderId, lessonNo, startsAt, minutes: 10 },
    ORDER,
  );
  expect(moved.code).toBeUndefined();
  const delivered = await settled(
    () => bursar!.act<Order>('deliverLesson', { idempotencyKey, orderId, lessonNo }, ORDER),
    ({ code }) => code !== 'LESSON_NOT_BEGUN',
  );
  expect(delivered.code).toBeUndefined();
}

describe('prepaid courses', () => {
  it('are sold, given, confirmed, objected to and withdrawn from, and every yuan is where it belongs', async () => {
    const published = await bursar!.act<{ readonly id: string }>(
      'publishCourse',
      {
        idempotencyKey: 'course',
        name: '初中数学',
        subject: '数学',
        lessonMinutes: 45,
        packages: [{ lessons: 12, price: { amount: '1200.00' } }],
        authorityId: authority,
      },
      '... on Course { id }',
    );
    course = published.id;
    const { id } = await bought('one');
    await given(id, 1);
    const lesson = (lessonNo: number, idempotencyKey: string) => ({ idempotencyKey, orderId: id, lessonNo });
    const confirmed = await payer!.act<Order>('confirmLesson', lesson(1, 'c1'), ORDER);
    expect(confirmed).toMatchObject({ status: 'ACTIVE', released: { amount: '100.00' } });
    expect(confirmed.timetable[0]).toEqual({ status: 'RELEASED', consent: 'CONFIRMED' });
    expect((await payer!.act<Order>('confirmLesson', lesson(2, 'c1'), ORDER)).code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    // Of another order, which goes on: its money is told apart.
    await given((await bought('two')).id, 1);
    const objected = await payer!.act<Order>(
      'objectToLesson',
      { ...lesson(1, 'o1'), objection: 'NOT_GIVEN' },
      ORDER,
    );
    expect(objected.code).toBe('NOT_COOLING');
    const withdrawn = await payer!.act<Order>(
      'withdrawFromCourse',
      { idempotencyKey: 'w', orderId: id, reason: '搬家' },
      ORDER,
    );
    expect(withdrawn).toMatchObject({ refunded: { amount: '1100.00' }, held: { amount: '0.00' } });
    expect(
      await settled(
        () => order(id),
        ({ status }) => status === 'ENDED',
      ),
    ).toMatchObject({
      released: { amount: '100.00' },
      refunded: { amount: '1100.00' },
      held: { amount: '0.00' },
    });
  });

  it('of a school that fails are wound up after a second person agreed, across a restart, with a report', async () => {
    const fresh = await bought('three');
    const closing = { idempotencyKey: 'close', organisationId: school, reason: '机构停业' };
    expect((await bursar!.act<MassRefund>('closeInstitution', closing, '')).code).toBe('FORBIDDEN');
    const asked = await inspector!.act<MassRefund>(
      'closeInstitution',
      closing,
      `... on MassRefund { ${MASS_REFUND} }`,
    );
    expect(asked).toMatchObject({ state: 'CHECKED', total: 2, processed: 0, resultUrl: null });
    await floor.restart();
    await everybodyIsThere();
    const approval = await settled(
      () =>
        ops!.get<{ readonly payloadHash: string } | null>(
          'query A($id: ID!) { approval(id: $id) { payloadHash } }',
          { id: asked.approvalId },
        ),
      (found) => found !== null,
    );
    await ops!.act(
      'decideApproval',
      { approvalId: asked.approvalId, payloadHash: approval!.payloadHash, grant: true },
      '',
    );
    const done = await settled(
      () =>
        inspector!.get<MassRefund>(`query M($id: ID!) { massRefund(id: $id) { ${MASS_REFUND} } }`, {
          id: asked.id,
        }),
      ({ state }) => state === 'PUBLISHED',
    );
    expect(done).toMatchObject({ processed: 2, total: 2, rowErrors: 0 });
    expect(done.sums).toEqual([
      {
        heldBefore: { amount: '2400.00' },
        refunded: { amount: '2300.00' },
        released: { amount: '0.00' },
        owed: { amount: '100.00' },
      },
    ]);
    expect(
      await settled(
        () => order(fresh.id),
        ({ status }) => status === 'ENDED',
      ),
    ).toMatchObject({
      refunded: { amount: '1200.00' },
      held: { amount: '0.00' },
    });
    const report = await fetch(done.resultUrl!);
    expect(report.status).toBe(200);
    const { rows } = await readWorkbookFile(new Uint8Array(await report.arrayBuffer()));
    const refunded = rows.map(({ cells }) => String(cells[5]));
    expect([refunded[0], ...refunded.slice(1, 3).toSorted(), refunded[3]]).toEqual([
      '已退款',
      '1100.00',
      '1200.00',
      '2300.00',
    ]);
    const forged = await fetch(done.resultUrl!.replace(/token=.*/, 'token=x'));
    expect(forged.status).toBe(404);
  });
});
