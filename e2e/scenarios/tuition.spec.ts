import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import {
  BILL_FIELDS,
  type Bill,
  type Import,
  type Payment,
  billOf,
  byWallet,
  handIn,
  inCash,
  openSchool,
  pay,
  publish,
  sample,
  walletWith,
} from './tuition-acts.js';

let floor: ShopFloor;
let bursar: Person;
let payer: Person;
let payer2: Person;
let clerk: Person;
let schoolId: string;
let walletId: string;

async function everybody(): Promise<void> {
  [bursar, payer, payer2, clerk] = await Promise.all([
    floor.person('bursar'),
    floor.person('payer'),
    floor.person('payer2'),
    floor.person('clerk'),
  ]);
}

beforeAll(async () => {
  floor = await ShopFloor.open();
  await everybody();
  schoolId = await openSchool(await floor.person('bd'), bursar, 'school-2');
});
afterAll(() => floor.close());

const total = (
  query: string,
): Promise<{ readonly totalCount: number; readonly totals: Record<string, unknown> }> =>
  bursar.get(
    `{ bills(${query}) { totalCount totals { count billed { amount } waived { amount } paid { amount } outstanding { amount } } } }`,
  );

/** One school day, in order; each part stands on the ones before. */
describe('a school bills its students and is paid', () => {
  it('turns the workbook of 1,200 students into bills, with its progress live', async () => {
    const checked = await handIn(bursar, await sample('roster-1200.xlsx'), '2026秋季缴费.xlsx');
    expect(checked).toMatchObject({
      state: 'CHECKED',
      rowErrors: 0,
      preview: {
        rows: 1_200,
        valid: 1_200,
        faulty: 0,
        added: 1_200,
        changed: 0,
        unchanged: 0,
        paid: 0,
        removed: 0,
        amountAdded: { amount: '1430400.00' },
        studentsAdded: 1_200,
      },
      result: null,
    });
    const progress = bursar.watch<{ readonly state: string; readonly processed: number }>(
      'subscription P($id: ID!) { importProgressed(importId: $id) { state processed total } }',
      { id: checked.id },
    );
    await progress.until((received) => received.length > 0);
    const published = await publish(bursar, checked);
    expect(published.result).toEqual({ issued: 1_200, amended: 0, unchanged: 0, refused: 0 });
    await progress.until((received) => received.at(-1)?.state === 'PUBLISHED');
  });

  it('lists, filters, searches, pages and totals them', async () => {
    const all = await settled(
      () => total('first: 1'),
      ({ totalCount }) => totalCount === 1_200,
    );
    expect(all.totals).toEqual({
      count: 1_200,
      billed: { amount: '1440000.00' },
      waived: { amount: '9600.00' },
      paid: { amount: '0.00' },
      outstanding: { amount: '1430400.00' },
    });
    expect((await total('filter: { grade: "高一" }')).totalCount).toBe(400);
    expect((await total('filter: { search: "学生0042" }')).totalCount).toBe(1);
    expect((await total('filter: { search: "2026000042" }')).totalCount).toBe(1);
    expect((await total('filter: { statuses: [PAID] }')).totalCount).toBe(0);
    expect((await total('filter: { overdueAsOf: "2026-10-01" }')).totalCount).toBe(1_200);
    const seen = new Set<string>();
    for (let after: string | null = null; ;) {
      const page: { nodes: readonly Bill[]; pageInfo: { hasNextPage: boolean; endCursor: string } } =
        await bursar.get(
          'query B($after: String) { bills(first: 250, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } }',
          { after },
        );
      for (const { number } of page.nodes) seen.add(number);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen.size).toBe(1_200);
  });

  it('changes nothing when the same file is handed in again', async () => {
    const again = await handIn(bursar, await sample('roster-1200.xlsx'), 'again.xlsx');
    expect(again.preview).toMatchObject({ added: 0, changed: 0, unchanged: 1_200 });
    const csv = await handIn(bursar, await sample('roster-gb18030.csv'), 'again.csv');
    expect(csv.preview).toMatchObject({ added: 0, changed: 0, unchanged: 1_200 });
  });

  it('gives faulty rows back as a workbook, and publishes the right ones', async () => {
    const checked = (await handIn(bursar, await sample('roster-13-errors.xlsx'), 'errors.xlsx')) as Import & {
      readonly errorWorkbookUrl: string;
    };
    expect(checked.preview).toMatchObject({ rows: 50, valid: 37, faulty: 13 });
    const { errors } = await bursar.get<{ readonly errors: { readonly nodes: readonly unknown[] } }>(
      'query I($id: ID!) { import(id: $id) { errors(first: 250) { nodes { row column code message } } } }',
      { id: checked.id },
    );
    const { nodes } = errors;
    expect(nodes.length).toBeGreaterThanOrEqual(13);
    const workbook = await fetch(checked.errorWorkbookUrl);
    expect([workbook.status, workbook.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ]);
    expect(
      Buffer.from(await workbook.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    expect((await fetch(`${checked.errorWorkbookUrl}x`)).status).toBe(404);
    expect((await publish(bursar, checked)).result).toMatchObject({ refused: 0 });
  });

  it('lets a payer find, fill a wallet and pay, with a receipt and live updates', async () => {
    walletId = await walletWith(payer, '2000.00');
    const found = await payer.get<readonly Bill[]>(
      `query B($input: BillsToPayInput!) { billsToPay(input: $input) { ${BILL_FIELDS} } }`,
      {
        input: { organisationId: schoolId, payerNumber: '2026000001', payerName: '学生0001' },
      },
    );
    expect(found).toMatchObject([{ status: 'ISSUED', outstanding: { amount: '1200.00' } }]);
    const bill = found[0] as Bill;
    const wrongName = await payer.get(
      'query B($input: BillsToPayInput!) { billsToPay(input: $input) { id } }',
      {
        input: { organisationId: schoolId, payerNumber: '2026000001', payerName: '学生0002' },
      },
    );
    expect(wrongName).toEqual([]);
    const live = bursar.watch<Bill>(
      'subscription S($id: ID!) { billUpdated(of: { organisationId: $id }) { id number status outstanding { amount } } }',
      { id: schoolId },
    );
    const paymentsLive = bursar.watch<Payment>(
      'subscription S($id: ID!) { paymentUpdated(of: { organisationId: $id }) { id status } }',
      { id: schoolId },
    );
    await new Promise((resolve) => setTimeout(resolve, 200));

    const act = { key: 'first', bills: [bill.id], total: '1200.00', method: byWallet(walletId) };
    const payment = await pay(payer, act);
    expect(payment).toMatchObject({
      __typename: 'Payment',
      status: 'CAPTURED',
      total: { amount: '1200.00' },
      receipts: [{ amountInCapitals: '壹仟贰佰元整' }],
    });
    expect(await pay(payer, act)).toMatchObject({ id: payment.id, status: 'CAPTURED' });
    expect(await pay(payer, { ...act, total: '1.00' })).toMatchObject({ __typename: 'IdempotencyConflict' });
    expect(await pay(payer, { ...act, key: 'second' })).toMatchObject({
      __typename: 'BillAlreadyPaid',
      code: 'BILL_ALREADY_PAID',
    });
    await live.until((received) => received.some(({ id, status }) => id === bill.id && status === 'PAID'));
    await paymentsLive.until((received) =>
      received.some(({ id, status }) => id === payment.id && status === 'CAPTURED'),
    );

    const pdf = await fetch(payment.receipts[0]!.pdfUrl);
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const history = await bursar.get<{
      readonly timeline: readonly { readonly type: string }[];
      readonly payments: readonly { readonly id: string }[];
    }>(
      'query B($id: ID!) { bill(id: $id) { timeline { type message at actor amount { amount } } payments { id } } }',
      { id: bill.id },
    );
    expect(history.timeline.map(({ type }) => type)).toEqual([
      'BillIssued',
      'BillReserved',
      'BillPaymentAllocated',
      // The second attempt was refused for good.
      'BillPaymentBarred',
    ]);
    expect(history.payments).toEqual([{ id: payment.id }]);
  });

  it('refuses what is not enough, charges nothing, and says why', async () => {
    const bill = await billOf(bursar, '2026000002');
    const wallets = (): Promise<unknown> =>
      payer.get('{ wallets { balance { amount } held { amount } available { amount } } }');
    const before = await settled(wallets, (found) => JSON.stringify(found).includes('800.00'));
    expect(
      await pay(payer, { key: 'poor', bills: [bill.id], total: '1200.00', method: byWallet(walletId) }),
    ).toMatchObject({ __typename: 'InsufficientFunds' });
    expect(await wallets()).toEqual(before);
    expect(
      await settled(
        () => billOf(bursar, '2026000002'),
        ({ reserved }) => reserved.amount === '0.00',
      ),
    ).toMatchObject({ status: 'ISSUED', outstanding: { amount: '1200.00' } });
  });

  it('takes cash at the counter, with change', async () => {
    const bill = await billOf(bursar, '2026000003');
    expect(
      await pay(clerk, { key: 'short', bills: [bill.id], total: '1200.00', method: inCash('1000.00') }),
    ).toMatchObject({ __typename: 'CashShort' });
    const payment = await pay(clerk, {
      key: 'cash',
      bills: [bill.id],
      total: '1200.00',
      method: inCash('1300.00'),
    });
    expect(payment).toMatchObject({
      status: 'CAPTURED',
      change: { amount: '100.00' },
      receipts: [{ amountInCapitals: '壹仟贰佰元整' }],
    });
    // The receipt is printed while the payer still stands there: nobody waits for a view to catch up.
    expect((await fetch(payment.receipts[0]!.pdfUrl)).status).toBe(200);
    expect(await billOf(clerk, '2026000003')).toMatchObject({ status: 'PAID' });
    const numbers = [
      payment.receipts[0]!.number,
      (
        await pay(payer, {
          key: 'first',
          bills: [(await billOf(bursar, '2026000001')).id],
          total: '1200.00',
          method: byWallet(walletId),
        })
      ).receipts[0]!.number,
    ];
    expect(numbers.map((number) => Number(number.split('-')[1])).sort((a, b) => a - b)).toEqual([1, 2]);
  });

  it('lets exactly one of two payers have a bill, however they race', async () => {
    const other = await walletWith(payer2, '9000.00');
    await payer.act(
      'topUpWallet',
      { idempotencyKey: 'more', walletId, amount: { amount: '9000.00' } },
      '... on Wallet { id }',
    );
    for (const number of ['2026000010', '2026000011', '2026000012', '2026000013', '2026000014']) {
      const bill = await billOf(bursar, number);
      const both = await Promise.all([
        pay(payer, { key: `race-${number}`, bills: [bill.id], total: '1200.00', method: byWallet(walletId) }),
        pay(payer2, { key: `race-${number}`, bills: [bill.id], total: '1200.00', method: byWallet(other) }),
      ]);
      expect(both.filter(({ status }) => status === 'CAPTURED').length).toBe(1);
      expect(['BillReserved', 'BillAlreadyPaid']).toContain(
        both.find(({ status }) => status !== 'CAPTURED')?.__typename,
      );
    }
  });

  it('keeps everything over a restart', async () => {
    const question =
      '{ bills(first: 3) { totalCount totals { count paid { amount } outstanding { amount } } nodes { id number status payments { id status receipts { number verificationCode } } timeline { type at } } } imports { totalCount nodes { id state } } students(first: 2) { totalCount nodes { studentNo name } } }';
    await settled(
      () => total('filter: { statuses: [PAID] }'),
      ({ totalCount }) => totalCount === 7,
    );
    const before = await bursar.ask(question);
    const held = await payer.ask('{ wallets { id balance { amount } held { amount } } }');
    await floor.restart();
    await everybody();
    expect(await bursar.ask(question)).toEqual(before);
    expect(await payer.ask('{ wallets { id balance { amount } held { amount } } }')).toEqual(held);
    const auditor = await floor.person('auditor');
    expect(await auditor.get('{ trialBalance { sum { amount } } }')).toEqual({ sum: { amount: '0.00' } });
    expect(await auditor.get('{ openPayments { id } }')).toEqual([]);
  });

  it('forgets a person for good, and keeps the figures', async () => {
    const students = () =>
      bursar.get<{ readonly nodes: readonly { readonly id: string; readonly name: string | null }[] }>(
        '{ students(search: "2026000001") { nodes { id name } } }',
      );
    const { nodes } = await students();
    expect(nodes).toMatchObject([{ name: '学生0001' }]);
    await bursar.act('eraseStudentData', { studentId: nodes[0]!.id }, '... on Student { name }');
    await settled(students, ({ nodes: found }) => found.every(({ name }) => name === null));
    expect(
      await settled(
        () => billOf(bursar, '2026000001'),
        ({ payer: of }) => of.name === null,
      ),
    ).toMatchObject({ status: 'PAID' });
  });
});
