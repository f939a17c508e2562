import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { asId, type BillId, type FeeItemId } from '#libs/kernel/ids/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { erasePersonalData } from '#libs/security/privacy/index.js';
import { callerOf, fen, OTHER_SCHOOL, requestOf, SCHOOL, TENANT } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import {
  bursar,
  clerk,
  billContent,
  defineFeeItem,
  issueBill,
  ops,
  payer,
} from '#libs/testing/school-fixture.js';
import {
  AllocateToBill,
  BillById,
  billIdFor,
  BillsAsOfNow,
  BillsOf,
  BillsToPay,
  BillTimeline,
  BillTotalsOf,
  CancelBill,
  FeeItemsOf,
  IssueBill,
  ReserveBill,
  type BillFilter,
  type BillView,
} from '../contract/index.js';

const stranger = requestOf({ ...callerOf('ops', 'ops-2'), tenant: asId<'tenant'>('other-tenant') });

describe('bills of a school', () => {
  let world: ProductWorld;
  let tuition: FeeItemId;
  let books: FeeItemId;
  const ids = new Map<string, BillId>();

  beforeAll(async () => {
    world = await productWorld();
    tuition = await defineFeeItem(world, 'TUITION');
    books = await defineFeeItem(world, 'BOOKS');
    const elsewhere = await defineFeeItem(world, 'TUITION', OTHER_SCHOOL);
    const late = { dueDate: parseLocalDate('2026-08-31') };
    ids.set('1', await issueBill(world, billContent(tuition, '0001', { waived: fen(100) })));
    ids.set('1b', await issueBill(world, billContent(books, '0001', late)));
    ids.set('2', await issueBill(world, billContent(tuition, '0002')));
    ids.set(
      '3',
      await issueBill(world, billContent(tuition, '0003', { academicYear: '2025-2026', ...late })),
    );
    ids.set('10%', await issueBill(world, billContent(tuition, '10%_x')));
    ids.set('other', await issueBill(world, billContent(elsewhere, '0001'), OTHER_SCHOOL));
    const payment = asId<'payment'>(randomUUID());
    const clerkOfSchool = clerk(SCHOOL);
    const step = () => ({
      billId: ids.get('2')!,
      paymentId: payment,
      amount: fen(300),
      commandId: randomUUID(),
    });
    await world.execute(new ReserveBill(clerkOfSchool, step()));
    await world.execute(new AllocateToBill(clerkOfSchool, step()));
    const reason = { idempotencyKey: 'cancel-3', billId: ids.get('10%')!, reason: 'issued by mistake' };
    await world.execute(new CancelBill(bursar(), reason));
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const found = async (filter: BillFilter, first = 250): Promise<readonly BillView[]> => {
    const page = await world.query(new BillsOf(bursar(), SCHOOL, filter, { first }));
    return page.items.map(({ item }) => item);
  };
  const numbersOf = (bills: readonly BillView[]) => bills.map((bill) => bill.payer.number);

  it('shows a bill with its figures', async () => {
    expect(await world.query(new BillById(bursar(), ids.get('1')!))).toEqual({
      id: billIdFor({
        organisationId: SCHOOL,
        academicYear: '2026-2027',
        term: '1',
        payerNumber: '0001',
        feeItemId: tuition,
      }),
      number: expect.stringMatching(/^2026(-[0-9A-Z]{4}){3}$/),
      organisationId: SCHOOL,
      payer: {
        subjectId: 'subject-0001',
        number: '0001',
        name: '学生0001',
        group: '1班',
        grade: '一年级',
      },
      academicYear: '2026-2027',
      term: '1',
      items: [{ feeItemId: tuition, code: 'TUITION', name: '学费', amount: fen(1_000) }],
      total: fen(1_000),
      waived: fen(100),
      adjusted: fen(0),
      lateFeeCharged: fen(0),
      rebate: fen(0),
      paid: fen(0),
      refunded: fen(0),
      outstanding: fen(900),
      reserved: fen(0),
      dueDate: '2026-09-30',
      status: 'ISSUED',
      issuedAt: expect.any(String),
    });
  });

  it('lists in the order of payer number, page by page, without repeating or losing a bill', async () => {
    const all = await found({});
    expect(numbersOf(all)).toEqual(['0001', '0001', '0002', '0003', '10%_x']);
    const paged: BillView[] = [];
    let after: string | undefined;
    do {
      const page = await world.query(new BillsOf(bursar(), SCHOOL, {}, { first: 2, after }));
      expect(page.totalCount).toBe(5);
      paged.push(...page.items.map(({ item }) => item));
      after = page.hasNextPage ? page.items.at(-1)!.cursor : undefined;
    } while (after !== undefined);
    expect(paged).toEqual(all);
    const broken = new BillsOf(bursar(), SCHOOL, {}, { first: 2, after: 'WyJub3BlIl0' });
    await expect(world.query(broken)).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('filters by everything there is, and searches numbers and names', async () => {
    const number = (await found({ payerNumber: '0002' }))[0]!.number;
    const cases: [BillFilter, readonly string[]][] = [
      [{ statuses: ['PARTIALLY_PAID'] }, ['0002']],
      [{ statuses: ['CANCELLED', 'PARTIALLY_PAID'] }, ['0002', '10%_x']],
      [{ statuses: [] }, []],
      [{ overdueAsOf: parseLocalDate('2026-09-01') }, ['0001', '0003']],
      [{ overdueAsOf: parseLocalDate('2026-08-31') }, []],
      [{ academicYear: '2025-2026' }, ['0003']],
      [{ term: '2' }, []],
      [{ feeItemId: books }, ['0001']],
      [{ grade: '一年级', group: '1班', payerNumber: '0003' }, ['0003']],
      [{ search: '学生0002' }, ['0002']],
      [{ search: '生00' }, ['0001', '0001', '0002', '0003']],
      [{ search: '000' }, ['0001', '0001', '0002', '0003']],
      [{ search: number.slice(0, 8).toLowerCase() }, ['0002']],
      [{ search: '10%_' }, ['10%_x']],
      [{ search: '%' }, ['10%_x']],
      [{ search: '_' }, ['10%_x']],
      [{ search: "' OR 1=1 --" }, []],
    ];
    for (const [filter, expected] of cases) {
      expect({ filter, found: numbersOf(await found(filter)) }).toEqual({ filter, found: expected });
    }
  });

  it('totals what the same filter finds; a cancelled bill bills nothing', async () => {
    expect(await world.query(new BillTotalsOf(bursar(), SCHOOL, {}))).toEqual({
      count: 5,
      billed: fen(4_000),
      waived: fen(100),
      adjusted: fen(0),
      lateFee: fen(0),
      rebate: fen(0),
      paid: fen(300),
      refunded: fen(0),
      outstanding: fen(3_600),
    });
    expect(await world.query(new BillTotalsOf(bursar(), SCHOOL, { term: 'none' }))).toEqual({
      count: 0,
      billed: fen(0),
      waived: fen(0),
      adjusted: fen(0),
      lateFee: fen(0),
      rebate: fen(0),
      paid: fen(0),
      refunded: fen(0),
      outstanding: fen(0),
    });
  });

  it('opens to a payer by number and full name together, and shows what is still to be paid', async () => {
    const ask = (payerNumber: string, payerName: string, request = payer()) =>
      world.query(new BillsToPay(request, { organisationId: SCHOOL, payerNumber, payerName }));
    expect((await ask('0001', ' 学生0001 ')).map(({ id }) => id)).toEqual([ids.get('1b'), ids.get('1')]);
    expect((await ask('0002', '学生0002')).map(({ outstanding }) => outstanding)).toEqual([fen(700)]);
    expect(await ask('0001', '学生0002')).toEqual([]);
    expect(await ask('0001', '学生')).toEqual([]);
    expect(await ask('10%_x', '学生10%_x')).toEqual([]);
    expect(await ask('0001', '学生0001', bursar())).toEqual([]);
  });

  it('tells what happened, straight from the log', async () => {
    const timeline = (await world.query(new BillTimeline(bursar(), ids.get('2')!)))!;
    expect(timeline.map(({ type, messageKey, amount, actor }) => [type, messageKey, amount, actor])).toEqual([
      ['BillIssued', 'bill.issued', fen(1_000), 'bursar-of-school-1'],
      ['BillReserved', 'bill.reserved', fen(300), 'clerk-1'],
      ['BillPaymentAllocated', 'bill.paymentAllocated', fen(300), 'clerk-1'],
    ]);
    expect(timeline[2]!.details).toEqual({ outstanding: '7.00' });
  });

  it('knows bills as they are now, for the preview of an import', async () => {
    const asked = [ids.get('1')!, ids.get('2')!, ids.get('other')!, asId<'bill'>(randomUUID())];
    const snapshots = await world.query(new BillsAsOfNow(bursar(), SCHOOL, asked));
    expect([...snapshots.keys()]).toEqual([ids.get('1'), ids.get('2')]);
    expect(snapshots.get(ids.get('2')!)).toEqual({
      id: ids.get('2'),
      status: 'PARTIALLY_PAID',
      total: fen(1_000),
      waived: fen(0),
      paid: fen(300),
      reserved: fen(0),
      dueDate: '2026-09-30',
    });
  });

  it('shows nothing to others, as if there were nothing', async () => {
    const id = ids.get('1')!;
    for (const request of [bursar(OTHER_SCHOOL), clerk(OTHER_SCHOOL), payer(), stranger]) {
      const page = await world.query(new BillsOf(request, SCHOOL, {}, { first: 10 }));
      expect(page).toEqual({ items: [], hasNextPage: false, totalCount: 0 });
      expect((await world.query(new BillTotalsOf(request, SCHOOL, {}))).count).toBe(0);
      expect(await world.query(new BillById(request, id))).toBeUndefined();
      expect(await world.query(new BillTimeline(request, id))).toBeUndefined();
      expect((await world.query(new BillsAsOfNow(request, SCHOOL, [id]))).size).toBe(0);
      expect(await world.query(new FeeItemsOf(request, SCHOOL))).toEqual([]);
    }
    for (const request of [ops, clerk(), clerk(SCHOOL)]) {
      expect((await world.query(new BillById(request, id)))?.id).toBe(id);
      expect(await world.query(new BillTimeline(request, id))).toHaveLength(1);
    }
    expect((await world.query(new FeeItemsOf(bursar(), SCHOOL))).map(({ code }) => code)).toEqual([
      'BOOKS',
      'TUITION',
    ]);
  });

  it('loses the name when the person is erased, and nothing else', async () => {
    const before = (await world.query(new BillById(bursar(), ids.get('3')!)))!;
    await erasePersonalData({ keys: world.subjectKeys, store: world.store }, asId('subject-0003'), {
      commandId: randomUUID(),
      correlationId: 'c',
      actor: 'bursar-1',
      tenant: TENANT,
      at: parseInstant('2026-09-01T00:00:00.000Z'),
    });
    const after = await world.query(new BillById(bursar(), ids.get('3')!));
    expect(after).toEqual({ ...before, payer: { ...before.payer, name: null } });
    await world.consumers.rebuild('bills');
    expect(await world.query(new BillById(bursar(), ids.get('3')!))).toEqual(after);
    // The roster still has the name; the bill does not take it back.
    const content = billContent(tuition, '0003', {
      academicYear: '2025-2026',
      dueDate: parseLocalDate('2026-08-31'),
    });
    const again = await world.execute(new IssueBill(bursar(), SCHOOL, content, randomUUID()));
    expect(again).toMatchObject({ accepted: true, value: { effect: 'unchanged' } });
  });
});
