import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { billOf, byWallet, handIn, openSchool, pay, publish, walletWith } from './tuition-acts.js';

interface Case {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly owner: string | null;
  readonly overdue: boolean;
  readonly text: string | null;
  readonly paymentId: string | null;
  readonly history: readonly {
    readonly type: string;
    readonly actor: string;
    readonly text: string | null;
  }[];
}

const FIELDS =
  '__typename id kind status priority owner overdue text paymentId organisation { code } history { type actor text message }';
const ON_CASE = `... on Case { ${FIELDS} }`;

let floor: ShopFloor;
let people: Record<'bd' | 'bursar' | 'payer' | 'payer2' | 'supervisor' | 'clerk' | 'auditor' | 'ops', Person>;
let paymentId: string;

beforeAll(async () => {
  floor = await ShopFloor.open();
  const names = ['bd', 'bursar', 'payer', 'payer2', 'supervisor', 'clerk', 'auditor', 'ops'] as const;
  people = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await floor.person(name)] as const)),
  ) as typeof people;
  const { bd, bursar, payer } = people;
  await openSchool(bd, bursar, 'school-2');
  const row = '2026-2027,1,S1,学生0001,一年级,一班,TUITION,1200.00,2026-09-30';
  const file = `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${row}\n`;
  await publish(bursar, await handIn(bursar, new TextEncoder().encode(file), 'roster.csv'));
  const bill = await billOf(bursar, 'S1');
  const wallet = await walletWith(payer, '5000.00');
  const method = byWallet(wallet);
  paymentId = (await pay(payer, { key: 'pay', bills: [bill.id], total: '1200.00', method })).id;
});
afterAll(() => floor.close());

const asked = (who: Person, id: string) =>
  who.get<Case | null>(`query C($id: ID!) { case(id: $id) { ${FIELDS} } }`, { id });
const listed = (who: Person, filter: object = {}) =>
  who.get<{ readonly nodes: readonly Case[]; readonly totalCount: number }>(
    `query C($filter: CaseFilter) { cases(filter: $filter) { totalCount nodes { ${FIELDS} } } }`,
    { filter },
  );

describe('a complaint', () => {
  const opening = () => ({ idempotencyKey: 'complaint', about: { paymentId }, text: '扣款后仍显示未缴' });
  let id: string;

  it('is opened by the payer, once per key, about a payment of theirs', async () => {
    const opened = await people.payer.act<Case>('openComplaint', opening(), ON_CASE);
    expect(opened).toMatchObject({
      __typename: 'Case',
      kind: 'COMPLAINT',
      status: 'OPEN',
      priority: 'NORMAL',
      owner: null,
      overdue: false,
      text: '扣款后仍显示未缴',
      paymentId,
    });
    ({ id } = opened);
    expect(await people.payer.act<Case>('openComplaint', opening(), ON_CASE)).toEqual(opened);
    const other = await people.payer.act<Case>('openComplaint', { ...opening(), text: 'x' }, ON_CASE);
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
    const notTheirs = await people.payer2.act<Case>('openComplaint', opening(), ON_CASE);
    expect(notTheirs.code).toBe('PAYMENT_NOT_FOUND');
    const staff = await people.clerk.act<Case>('openComplaint', opening(), ON_CASE);
    expect(staff.code).toBe('FORBIDDEN');
  });

  it('is found by those who help, and by nobody else', async () => {
    const { supervisor, ops, auditor, payer, payer2, clerk, bursar } = people;
    for (const who of [supervisor, ops, auditor, payer]) {
      const list = await settled(
        () => listed(who, { statuses: ['OPEN'], kinds: ['COMPLAINT'] }),
        ({ totalCount }) => totalCount > 0,
      );
      expect(list).toMatchObject({ totalCount: 1, nodes: [{ id, organisation: { code: 'school-2' } }] });
    }
    for (const who of [payer2, clerk, bursar]) {
      expect(await listed(who)).toEqual({ totalCount: 0, nodes: [] });
      expect(await asked(who, id)).toBeNull();
    }
  });

  it('is taken, answered and resolved by one person, seen by the other, and reopened when that was not it', async () => {
    const { supervisor, payer } = people;
    const act = (who: Person, name: string, input: object) =>
      who.act<Case>(name, { idempotencyKey: `${name}-1`, caseId: id, ...input }, ON_CASE);
    expect(await act(supervisor, 'assignCase', {})).toMatchObject({ owner: 'demo-supervisor' });
    await act(payer, 'noteCase', { text: '请尽快处理' });
    expect((await act(payer, 'resolveCase', { text: 'x' })).code).toBe('FORBIDDEN');
    expect((await act(payer, 'reopenCase', { text: 'x' })).code).toBe('CASE_NOT_RESOLVED');
    const resolved = await act(supervisor, 'resolveCase', { text: '已核对，账单已缴清' });
    expect(resolved).toMatchObject({ status: 'RESOLVED' });
    expect(await act(supervisor, 'resolveCase', { text: '已核对，账单已缴清' })).toEqual(resolved);
    expect(await asked(payer, id)).toMatchObject({ status: 'RESOLVED', owner: 'demo-supervisor' });
    expect((await act(payer, 'noteCase', { text: 'x', idempotencyKey: 'late' })).code).toBe('CASE_CLOSED');
    await act(payer, 'reopenCase', { text: '仍显示未缴', idempotencyKey: 'again' });
    await act(supervisor, 'resolveCase', { text: '已更正显示', idempotencyKey: 'again' });
    const { history, status } = (await asked(payer, id))!;
    expect(status).toBe('RESOLVED');
    expect(history.map(({ type, actor, text }) => [type, actor, text])).toEqual([
      ['CaseOpened', 'demo-payer', '扣款后仍显示未缴'],
      ['CaseAssigned', 'demo-supervisor', null],
      ['CaseNoted', 'demo-payer', '请尽快处理'],
      ['CaseResolved', 'demo-supervisor', '已核对，账单已缴清'],
      ['CaseReopened', 'demo-payer', '仍显示未缴'],
      ['CaseResolved', 'demo-supervisor', '已更正显示'],
    ]);
  });

  it('is all there after a restart', async () => {
    const before = await asked(people.payer, id);
    await floor.restart();
    expect(await asked(await floor.person('payer'), id)).toEqual(before);
  });
});
