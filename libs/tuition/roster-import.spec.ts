import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BillsOf, CancelBill, ReserveBill } from '#libs/billing/contract/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { checkedImport, importNow, publishedImport } from '#libs/testing/roster-files.js';
import {
  bursar,
  defineFeeItems,
  SCHOOL,
  tuitionProgram,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import { spreadsheetReader } from '#libs/spreadsheet/adapters/index.js';
import { csvLine, HEADER, rosterRow } from '#libs/testing/roster.js';
import { ImportDiff, ImportErrorWorkbook, ImportRowErrors, ImportsOf, StudentsOf } from './contract/index.js';

const sample = (name: string): Uint8Array =>
  readFileSync(new URL(`../../e2e/samples/${name}`, import.meta.url));
const ANY_PAGE = { first: 250 };

/** A csv of sample rows; `change` edits cells by header. */
function csv(
  numbers: readonly number[],
  change: (cells: Record<string, string>, number: number) => void = () => undefined,
) {
  const lines = numbers.map((number) => {
    const row = rosterRow(number);
    const cells = Object.fromEntries(HEADER.map((title, index) => [title, row[index]!]));
    change(cells, number);
    return csvLine(Object.values(cells));
  });
  return Buffer.from(csvLine(HEADER) + lines.join(''));
}

async function eventsIn(program: TuitionProgram, prefix: string): Promise<number> {
  let count = 0;
  for await (const page of program.disk.log.readAll({ filter: { streamPrefixes: [prefix] } }))
    count += page.length;
  return count;
}

describe('a roster on its way to bills', () => {
  let program: TuitionProgram;
  beforeEach(async () => {
    program = await tuitionProgram();
    await defineFeeItems(program);
  });
  afterEach(async () => {
    await program.stop();
    program.disk.folder[Symbol.dispose]();
  });

  const diff = async (id: Awaited<ReturnType<typeof checkedImport>>['id'], ...kinds: ImportDiff['kinds']) =>
    (await program.ask(new ImportDiff(bursar(), id, kinds, ANY_PAGE)))!.items.map(({ item }) => item);

  it('checks, previews and publishes the shipped workbook; again it changes nothing', async () => {
    const checked = await checkedImport(program, sample('roster-1200.xlsx'), {
      fileName: 'roster-1200.xlsx',
    });
    const counts = {
      rows: 1200,
      valid: 1200,
      faulty: 0,
      added: 1200,
      changed: 0,
      unchanged: 0,
      paid: 0,
      removed: 0,
    };
    expect(checked).toEqual({
      id: checked.id,
      organisationId: SCHOOL,
      fileName: 'roster-1200.xlsx',
      state: 'CHECKED',
      errorPolicy: 'valid-rows',
      startedAt: checked.startedAt,
      processed: 1200,
      total: 1200,
      preview: { ...counts, amountAdded: money(CNY, 1200n * 120000n - 48n * 20000n), studentsAdded: 1200 },
      notes: [
        {
          code: 'CHECK_DIGITS_WRONG',
          message: '1200 identity numbers have a wrong check digit and are imported all the same',
          details: { count: '1200' },
        },
      ],
    });
    const published = await publishedImport(program, checked.id);
    expect(published.state).toBe('PUBLISHED');
    expect(published.result).toEqual({ issued: 1200, amended: 0, unchanged: 0, refused: 0 });
    const page = await program.ask(new StudentsOf(bursar(), SCHOOL, '学生0007', ANY_PAGE));
    expect(page.items.map(({ item }) => item)).toEqual([
      {
        id: expect.any(String),
        organisationId: SCHOOL,
        studentNo: '2026000007',
        name: '学生0007',
        grade: '高一',
        className: '高一1班',
      },
    ]);

    const before = [await eventsIn(program, 'bill-'), await eventsIn(program, 'student-')];
    expect(before).toEqual([1200, 1200]);
    // The same students from another program, in another encoding.
    const again = await checkedImport(program, sample('roster-gb18030.csv'));
    const nothing = { ...counts, added: 0, unchanged: 1200, amountAdded: money(CNY, 0n), studentsAdded: 0 };
    expect(again.preview).toEqual(nothing);
    const after = await publishedImport(program, again.id);
    expect(after.result).toEqual({ issued: 0, amended: 0, unchanged: 1200, refused: 0 });
    expect([await eventsIn(program, 'bill-'), await eventsIn(program, 'student-')]).toEqual(before);
    const listed = await program.ask(new ImportsOf(bursar(), SCHOOL, { first: 1 }));
    expect({ ...listed.items[0]!.item, notes: after.notes }).toEqual(after);
    const older = await program.ask(
      new ImportsOf(bursar(), SCHOOL, { first: 1, after: listed.items[0]!.cursor }),
    );
    expect([listed.hasNextPage, older.items[0]!.item.id, older.hasNextPage]).toEqual([
      true,
      checked.id,
      false,
    ]);
  });

  it('gives the thirteen faulty rows back as a workbook that imports once corrected', async () => {
    const checked = await checkedImport(program, sample('roster-13-errors.xlsx'), { fileName: '名册.xlsx' });
    expect(checked.preview).toMatchObject({ rows: 50, valid: 37, faulty: 13, added: 37 });
    const errors = (await program.ask(new ImportRowErrors(bursar(), checked.id, ANY_PAGE)))!;
    expect(errors.totalCount).toBe(13);
    expect(errors.items.map(({ item }) => [item.row, item.column, item.code])).toEqual([
      [39, '姓名', 'IMPORT_VALUE_MISSING'],
      [40, '应缴金额', 'IMPORT_AMOUNT_INVALID'],
      [41, '应缴金额', 'IMPORT_AMOUNT_NEGATIVE'],
      [42, '应缴金额', 'IMPORT_AMOUNT_ZERO'],
      [43, '减免总额', 'IMPORT_WAIVER_EXCEEDS_AMOUNT'],
      [44, '收费项目', 'IMPORT_FEE_ITEM_UNKNOWN'],
      [45, '缴费期限', 'IMPORT_DATE_INVALID'],
      [46, '学号', 'IMPORT_DUPLICATE_ROW'],
      [47, '身份证号', 'IMPORT_ID_NUMBER_INVALID'],
      [48, '联系电话', 'IMPORT_PHONE_INVALID'],
      [49, '姓名', 'IMPORT_STUDENT_NAME_DIFFERS'],
      [50, '姓名', 'IMPORT_TEXT_FORBIDDEN'],
      [51, '学号', 'IMPORT_STUDENT_NO_INVALID'],
    ]);
    expect(errors.items[7]!.item).toEqual({
      row: 46,
      column: '学号',
      value: '2026000001',
      code: 'IMPORT_DUPLICATE_ROW',
      message: 'row 2 has the same student, fee item, year and term',
      details: { row: '2' },
    });
    const second = await program.ask(
      new ImportRowErrors(bursar(), checked.id, { first: 2, after: errors.items[10]!.cursor }),
    );
    expect(second!.items.map(({ item }) => item.row)).toEqual([50, 51]);
    await publishedImport(program, checked.id);

    // Still there after publishing: that is when it is corrected.
    const workbook = (await program.ask(new ImportErrorWorkbook(bursar(), checked.id)))!;
    expect(workbook.fileName).toBe('名册-错误行.xlsx');
    const rows = await readAll(workbook.content);
    expect(rows[0]).toEqual([...HEADER, '错误信息']);
    expect(rows).toHaveLength(14);
    expect(rows[1]!.at(-1)).toBe('第39行　姓名：不能为空');
    expect(rows.every((row) => row.every((cell) => typeof cell === 'string'))).toBe(true);

    const untouched = await checkedImport(program, workbook.content, { fileName: 'again.xlsx' });
    // By itself the duplicate and the second name are no faults any more; what they repeat lies outside of this file.
    expect(untouched.preview).toMatchObject({ rows: 13, faulty: 11, removed: 0 });
    const corrected = Buffer.from(csv([1001, 1002, 1003, 1004, 1005, 1006, 1007, 1009, 1010, 1012, 1013]));
    const fixed = await checkedImport(program, corrected);
    expect(fixed.preview).toMatchObject({ rows: 11, valid: 11, faulty: 0, added: 11 });
    expect((await publishedImport(program, fixed.id)).result).toEqual({
      issued: 11,
      amended: 0,
      unchanged: 0,
      refused: 0,
    });
  });

  it('shows what is added, changed, unchanged, paid and removed, and touches no paid bill', async () => {
    const first = await checkedImport(program, csv([1, 2, 3, 4, 5]));
    await publishedImport(program, first.id);
    const bills = (await program.ask(new BillsOf(bursar(), SCHOOL, {}, ANY_PAGE))).items.map(
      ({ item }) => item,
    );
    const billOf = (number: number) => bills.find(({ payer }) => payer.number === rosterRow(number)[2])!;
    const commandId = '00000000-0000-8000-8000-000000000001';
    const payer = bursar({ roles: ['payer'], organisation: undefined });
    const paying = new ReserveBill(payer, {
      billId: billOf(3).id,
      paymentId: asId('00000000-0000-8000-8000-0000000000aa'),
      amount: money(CNY, 100n),
      commandId,
    });
    expect(await program.run(paying)).toMatchObject({ accepted: true });
    const cancelling = { idempotencyKey: 'c', billId: billOf(5).id, reason: 'left' };
    expect(await program.run(new CancelBill(bursar(), cancelling))).toMatchObject({ accepted: true });
    await program.settled();

    const file = csv([1, 2, 3, 5, 6], (cells, number) => {
      if (number === 2 || number === 3) cells['应缴金额'] = '1300.00';
    });
    const checked = await checkedImport(program, file);
    expect(checked.preview).toEqual({
      rows: 5,
      valid: 4,
      faulty: 1,
      added: 1,
      changed: 1,
      unchanged: 1,
      paid: 1,
      removed: 1,
      amountAdded: money(CNY, 120000n),
      studentsAdded: 1,
    });
    const [yuan1200, yuan1300] = [money(CNY, 120000n), money(CNY, 130000n)];
    const row = (number: number) => {
      const cells = rosterRow(number);
      return { billId: expect.any(String), studentNo: cells[2], name: cells[3], feeItem: '学费' };
    };
    expect(await diff(checked.id)).toEqual([
      { row: 2, kind: 'unchanged', ...row(1), before: yuan1200, after: yuan1200 },
      { row: 3, kind: 'changed', ...row(2), before: yuan1200, after: yuan1300 },
      { row: 4, kind: 'paid', ...row(3), before: yuan1200, after: yuan1300 },
      { row: 6, kind: 'added', ...row(6), after: yuan1200 },
      { row: 0, kind: 'removed', ...row(4), before: yuan1200 },
    ]);
    expect((await diff(checked.id, 'added', 'removed')).map(({ kind }) => kind)).toEqual([
      'added',
      'removed',
    ]);
    const errors = (await program.ask(new ImportRowErrors(bursar(), checked.id, ANY_PAGE)))!;
    expect(errors.items.map(({ item }) => [item.row, item.code])).toEqual([[5, 'IMPORT_BILL_CANCELLED']]);
    const published = await publishedImport(program, checked.id);
    expect(published.result).toEqual({ issued: 1, amended: 1, unchanged: 1, refused: 1 });
    expect(await diff(checked.id)).toEqual([]);
  });

  it('puts names and classes right, and says so beforehand', async () => {
    await publishedImport(program, (await checkedImport(program, csv([1, 2]))).id);
    const file = csv([1, 2], (cells, number) => {
      if (number === 1) cells['姓名'] = '学生一';
      else cells['班级名称'] = '高一9班';
    });
    const checked = await checkedImport(program, file);
    expect(checked.preview).toMatchObject({ changed: 2, unchanged: 0 });
    expect(checked.notes).toContainEqual(
      expect.objectContaining({ code: 'NAMES_CHANGED', details: { count: '1' } }),
    );
    await publishedImport(program, checked.id);
    const students = await program.ask(new StudentsOf(bursar(), SCHOOL, undefined, ANY_PAGE));
    expect(students.items.map(({ item }) => [item.name, item.className])).toEqual([
      ['学生一', '高一1班'],
      ['学生0002', '高一9班'],
    ]);
    const bills = await program.ask(new BillsOf(bursar(), SCHOOL, {}, ANY_PAGE));
    expect(bills.items.map(({ item }) => [item.payer.name, item.payer.group])).toEqual([
      ['学生一', '高一1班'],
      ['学生0002', '高一9班'],
    ]);
    expect((await importNow(program, checked.id)).result).toEqual({
      issued: 0,
      amended: 2,
      unchanged: 0,
      refused: 0,
    });
  });
});

async function readAll(content: Uint8Array) {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  const sheet = await spreadsheetReader().open(async () => chunks());
  const rows = [];
  for await (const batch of sheet.rows) rows.push(...batch.map(({ cells }) => cells));
  return rows;
}
