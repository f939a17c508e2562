import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { asId, type ImportId } from '#libs/kernel/ids/index.js';
import { checkedImport, importNow, once, publishedImport } from '#libs/testing/roster-files.js';
import {
  bursar,
  defineFeeItems,
  SCHOOL,
  tuitionProgram,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import { workbookOf, workbookParts, zipOf } from '#libs/testing/workbook-parts.js';
import { xlsxWriter, spreadsheetReader } from '#libs/spreadsheet/adapters/index.js';
import { csvLine, HEADER, rosterRow, rosterWorkbook } from '#libs/testing/roster.js';
import {
  AnnounceUpload,
  CancelImport,
  EraseStudentData,
  ImportById,
  ImportDiff,
  ImportErrorWorkbook,
  ImportRowErrors,
  ImportsOf,
  PublishImport,
  StartImport,
  StudentsOf,
} from './contract/index.js';

const PAGE = { first: 250 };
const csvOf = (rows: readonly (readonly string[])[], header: readonly string[] = HEADER) =>
  Buffer.from(csvLine(header) + rows.map(csvLine).join(''));

let program: TuitionProgram;
beforeAll(async () => {
  program = await tuitionProgram();
  await defineFeeItems(program);
});
afterAll(async () => {
  await program.stop();
  program.disk.folder[Symbol.dispose]();
});

async function errorsOf(id: ImportId) {
  const page = await program.ask(new ImportRowErrors(bursar(), id, PAGE));
  return page!.items.map(({ item }) => item);
}

describe('files that are refused as a whole', () => {
  const cell = (ref: string, text: string) => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const bomb = zipOf([...workbookParts(), { name: 'xl/bomb.xml', content: ' '.repeat(64 << 20) }]);
  const entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>';
  const header = HEADER.map((title, index) => cell(`${String.fromCharCode(65 + index)}1`, title)).join('');

  it.each<[string, Uint8Array, string, string]>([
    ['zip bomb', bomb, 'SPREADSHEET_BOMB', 'inflates out of all proportion'],
    [
      'external entity',
      workbookOf({ parts: { 'xl/workbook.xml': entity } }),
      'SPREADSHEET_DTD',
      'document type definition',
    ],
    ['damaged workbook', workbookOf().subarray(0, 500), 'SPREADSHEET_UNREADABLE', 'damaged'],
    [
      'old workbook',
      Buffer.from('d0cf11e0a1b11ae100', 'hex'),
      'SPREADSHEET_OLD_OR_ENCRYPTED',
      'save it as .xlsx',
    ],
    ['picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'SPREADSHEET_ENCODING_UNKNOWN', ''],
    ['nothing', Buffer.alloc(0), 'SPREADSHEET_EMPTY', 'empty'],
    ['blank workbook', workbookOf(), 'IMPORT_EMPTY', 'no rows'],
    ['header alone', csvOf([]), 'IMPORT_EMPTY', 'no rows'],
    [
      'header alone in a workbook',
      workbookOf({ rows: `<row r="1">${header}</row>` }),
      'IMPORT_EMPTY',
      'no rows',
    ],
    [
      'other table',
      Buffer.from('a,b\n1,2\n'),
      'IMPORT_HEADER_MISSING',
      '缴费年度、学期、学号、姓名、收费项目、应缴金额、缴费期限',
    ],
    [
      'column missing',
      csvOf(
        [['x']],
        HEADER.filter((title) => title !== '应缴金额'),
      ),
      'IMPORT_HEADER_MISSING',
      '应缴金额',
    ],
    ['column twice', csvOf([rosterRow(1)], [...HEADER, '学号']), 'IMPORT_HEADER_REPEATED', '学号'],
    [
      'quotation mark missing',
      Buffer.from(`${csvLine(HEADER)}"2026`),
      'SPREADSHEET_UNREADABLE',
      'quotation mark',
    ],
  ])('%s', async (_name, content, code, words) => {
    const view = await checkedImport(program, content);
    expect(view).toMatchObject({
      state: 'FAILED',
      failure: { code, message: expect.stringContaining(words) },
    });
    expect(view.failure!.message).not.toMatch(/\n|\bat |passwd/);
    expect(
      await program.run(new PublishImport(bursar(), { idempotencyKey: 'p', importId: view.id })),
    ).toMatchObject({
      accepted: false,
      rejection: { code: 'IMPORT_NOT_CHECKED' },
    });
  });
});

describe('files with oddities', () => {
  it('takes titles above the header, English headers, unknown columns and results, and says what it left out', async () => {
    const header = [
      'studentNo',
      'name',
      'remark',
      'feeItem',
      'amount',
      'dueDate',
      'academicYear',
      'term',
      'paid',
    ];
    const row = ['S-1', '学生A', 'x', 'TUITION', '10', '2026/9/30', '2026-2027学年', '第一学期', '5'];
    const view = await checkedImport(program, Buffer.from(`Fees 2026\n\n${csvLine(header)}${csvLine(row)}`));
    expect(view).toMatchObject({ state: 'CHECKED', preview: { rows: 1, valid: 1 } });
    expect(view.notes).toEqual([
      { code: 'COLUMNS_IGNORED', message: 'columns not used: remark', details: { columns: 'remark' } },
      {
        code: 'RESULT_COLUMNS_IGNORED',
        message: 'columns of payment results are not imported: paid',
        details: { columns: 'paid' },
      },
    ]);
    const faulty = await checkedImport(program, Buffer.from(csvLine(header) + csvLine(row.with(4, 'ten'))));
    const workbook = (await program.ask(new ImportErrorWorkbook(bursar(), faulty.id)))!;
    expect(workbook.fileName).toBe('roster-errors.xlsx');
    expect((await tableOf(workbook.content)).map((cells) => cells.at(-1))).toEqual([
      'errors',
      'Row 2: amount: an amount is a number such as 1200.00 with at most two decimals, no blank and no sign',
    ]);
  });

  it('reads hidden sheets, formulas, merges, 1904 dates, cut ids and mixed encodings as it must', async () => {
    const inline = (ref: string, text: string) => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`;
    const titles = [
      '缴费年度',
      '学期',
      '学号',
      '姓名',
      '收费项目',
      '应缴金额',
      '缴费期限',
      '班级名称',
      '身份证号',
    ];
    const line = (row: number, cells: readonly string[]) => `<row r="${row}">${cells.join('')}</row>`;
    const usual = (row: number, changes: Record<string, string>) =>
      ['2026', '1', `X${row}`, '学生', '学费', '100', '2026-09-30', '一班', ''].map((text, index) => {
        const letter = String.fromCharCode(65 + index);
        return changes[letter]?.replaceAll('#', String(row)) ?? inline(`${letter}${row}`, text);
      });
    const rows =
      line(
        1,
        titles.map((title, index) => inline(`${String.fromCharCode(65 + index)}1`, title)),
      ) +
      line(2, usual(2, { F: '<c r="F#"><f>SUM(A1:A9)</f><v>100</v></c>' })) +
      line(3, usual(3, { G: '<c r="G#" s="1"><v>44833</v></c>' })) +
      line(4, usual(4, { I: '<c r="I#"><v>110101201001010010</v></c>' })) +
      line(5, usual(5, { H: '<c r="H#" s="1"><v>44833</v></c>' })) +
      line(6, usual(6, { H: '' })) +
      line(7, usual(7, { C: '<c r="C#"><v>7</v></c>', F: '<c r="F#"><v>99.99</v></c>' }));
    const file = workbookOf({
      rows,
      formats: [0, 14],
      date1904: true,
      afterRows: '<mergeCells><mergeCell ref="H5:H6"/></mergeCells>',
      moreSheets: '<sheet name="旧名册" sheetId="2" state="hidden" r:id="s2"/>',
    });
    const view = await checkedImport(program, file, { fileName: 'a.xlsx' });
    expect(view.preview).toMatchObject({ rows: 6, valid: 2, faulty: 4 });
    expect(view.notes).toEqual([
      {
        code: 'HIDDEN_SHEETS_IGNORED',
        message: 'hidden sheets were not read: 旧名册',
        details: { names: '旧名册' },
      },
    ]);
    expect((await errorsOf(view.id)).map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
      '2 应缴金额 IMPORT_CELL_FORMULA',
      '4 身份证号 IMPORT_ID_TRUNCATED',
      '5 班级名称 IMPORT_CELL_IS_DATE',
      '6 班级名称 IMPORT_CELL_MERGED',
    ]);
  });

  it('imports what it exports: any rows that are right come back the same', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => text.normalize('NFC').trim())
      .filter(
        (text) =>
          text !== '' &&
          !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufff9-\uffff]/u.test(text) &&
          !text.startsWith("'"),
      );
    const amount = fc.integer({ min: 1, max: 10_000_000_000 }).map((fen) => (fen / 100).toFixed(2));
    const row = fc.record({ name, amount, item: fc.constantFrom('学费', 'MEAL', '书本费') });
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('csv', 'xlsx'),
        async (given, format) => {
          serial += 1;
          const rows = given.map(({ name: text, amount: sum, item }, index) =>
            rosterRow(index + 1)
              .with(2, `P${serial}-${index}`)
              .with(3, text)
              .with(8, item)
              .with(9, sum)
              .with(10, ''),
          );
          const quoted = rows.map(
            (cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`,
          );
          const content =
            format === 'xlsx' ? await rosterWorkbook(rows) : Buffer.from(csvLine(HEADER) + quoted.join(''));
          const first = await checkedImport(program, content);
          expect(first.preview).toMatchObject({ rows: rows.length, faulty: 0, added: rows.length });
          const staged = (await program.ask(new ImportDiff(bursar(), first.id, ['added'], PAGE)))!.items.map(
            ({ item }) => item,
          );
          expect(staged.map((one) => one.name)).toEqual(given.map((one) => one.name));
          expect(staged.map((one) => one.after!.amount)).toEqual(
            given.map((one) => BigInt(one.amount.replace('.', ''))),
          );
          await publishedImport(program, first.id);
          const again = await checkedImport(program, await rosterWorkbook(rows));
          expect(again.preview).toMatchObject({ unchanged: rows.length, added: 0, changed: 0 });
          await program.run(new CancelImport(bursar(), again.id));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('gives faulty rows back cell by cell, guarded against formulas, and takes them again', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 10 }),
      fc.constantFrom(
        '=1+1',
        '+1',
        '-5',
        '@x',
        "'=1",
        '=HYPERLINK("http://x")',
        'constructor',
        '1e3',
        '学生\u202e',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 13, maxLength: 13 }), { minLength: 1, maxLength: 4 }),
        async (given) => {
          // No year, so that every row is faulty.
          const rows = given.map((cells) => cells.with(0, ''));
          const columns = HEADER.map((header) => ({ header, widthCharacters: 9 }));
          const view = await checkedImport(program, await xlsxWriter.write({ name: 's', columns, rows }));
          const kept = rows.filter((cells) => cells.some((text) => text.trim() !== ''));
          if (kept.length === 0) return;
          expect(view.preview).toMatchObject({ rows: kept.length, faulty: kept.length });
          const { content } = (await program.ask(new ImportErrorWorkbook(bursar(), view.id)))!;
          const table = await tableOf(content);
          expect(table.flat().some((text) => /^[=+\-@\t\r]/.test(text))).toBe(false);
          const again = await checkedImport(program, content);
          expect((await errorsOf(again.id)).map(({ code, column }) => [code, column])).toEqual(
            (await errorsOf(view.id)).map(({ code, column }) => [code, column]),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('takes the same file in every encoding for the same', async () => {
    const text = csvOf([rosterRow(901), rosterRow(902)]).toString('utf8');
    await publishedImport(program, (await checkedImport(program, Buffer.from(text))).id);
    const encoded = [
      Buffer.from(`\uFEFF${text}`),
      iconv.encode(text, 'gb18030'),
      iconv.encode(text, 'utf-16le', { addBOM: true }),
      Buffer.from(text.replace('\r\n', '\r').replace('\r\n', '\n')),
    ];
    for (const content of encoded) {
      expect((await checkedImport(program, content)).preview).toMatchObject({
        rows: 2,
        unchanged: 2,
        faulty: 0,
      });
    }
  });
});

describe('who may do what', () => {
  const others = {
    'another organisation': bursar({ organisation: asId('school-2') }),
    'another tenant': bursar({ tenant: asId('other') }),
    clerk: bursar({ roles: ['clerk'] }),
    payer: bursar({ roles: ['payer'], organisation: undefined }),
    operator: bursar({
      roles: ['ops', 'auditor', 'bd', 'supervisor', 'taxofficer'],
      organisation: undefined,
    }),
  };

  it.each(Object.entries(others))('%s sees and changes nothing', async (_name, context) => {
    const { id } = await checkedImport(program, csvOf([rosterRow(801).with(3, '')]));
    const mine = await program.ask(new StudentsOf(bursar(), SCHOOL, undefined, { first: 1 }));
    const student = mine.items[0]!.item.id;
    const announced = await program.run(
      new AnnounceUpload(context, { organisationId: SCHOOL, fileName: 'a.csv' }),
    );
    const foreignTenant = context.caller.tenant !== bursar().caller.tenant;
    if (!foreignTenant)
      expect(announced).toMatchObject({ accepted: false, rejection: { code: 'FORBIDDEN' } });
    const unseen = [
      new ImportById(context, id),
      new ImportRowErrors(context, id, PAGE),
      new ImportDiff(context, id, [], PAGE),
      new ImportErrorWorkbook(context, id),
    ];
    for (const query of unseen) expect(await program.ask<unknown>(query)).toBeUndefined();
    const empty = { items: [], hasNextPage: false, totalCount: 0 };
    expect(await program.ask(new ImportsOf(context, SCHOOL, PAGE))).toEqual(empty);
    expect(await program.ask(new StudentsOf(context, SCHOOL, undefined, PAGE))).toEqual(empty);
    const isBursar = context.caller.roles.includes('bursar');
    const refused = (code: string) => ({
      accepted: false,
      rejection: { code: isBursar ? code : 'FORBIDDEN' },
    });
    const publish = new PublishImport(context, { idempotencyKey: 'x', importId: id });
    expect(await program.run(publish)).toMatchObject(refused('IMPORT_NOT_FOUND'));
    expect(await program.run(new CancelImport(context, id))).toMatchObject(refused('IMPORT_NOT_FOUND'));
    expect(await program.run(new EraseStudentData(context, student))).toMatchObject(
      refused('STUDENT_NOT_FOUND'),
    );
    expect((await importNow(program, id)).state).toBe('CHECKED');
  });

  it('an upload belongs to whom it was announced', async () => {
    const announced = await program.run(
      new AnnounceUpload(bursar(), { organisationId: SCHOOL, fileName: 'a.csv' }),
    );
    if (!announced.accepted) throw new Error('refused');
    const { uploadId, maxBytes } = announced.value;
    const start = (context = bursar(), id = uploadId, idempotencyKey = 'mine') =>
      program.run(new StartImport(context, { idempotencyKey, uploadId: id, errorPolicy: 'valid-rows' }));
    const missing = { accepted: false, rejection: { code: 'UPLOAD_NOT_FOUND' } };
    expect(await start()).toMatchObject(missing);
    await program.files.put(uploadId, once(csvOf([rosterRow(701)])), maxBytes);
    expect(await start(others['another organisation'])).toMatchObject(missing);
    expect(await start(bursar(), '../../etc/passwd')).toMatchObject(missing);
    expect(await start(bursar(), `upload-${'0'.repeat(36)}`)).toMatchObject(missing);
    expect(await start(others.clerk)).toMatchObject({ accepted: false, rejection: { code: 'FORBIDDEN' } });
    const first = await start();
    expect(first).toMatchObject({ accepted: true, value: { fileName: 'a.csv' } });
    await program.settled();
    expect(await start()).toMatchObject({ accepted: true, value: { state: 'CHECKED' } });
    expect(await start(bursar(), `${uploadId}x`)).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    await expect(start(bursar(), uploadId, ' ')).rejects.toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
    for (const fileName of ['a.xls', 'a', 'a.xlsx.exe', `${'a'.repeat(200)}.csv`, 'a\u202exslx.csv']) {
      const answer = await program.run(new AnnounceUpload(bursar(), { organisationId: SCHOOL, fileName }));
      expect([fileName, answer]).toEqual([fileName, expect.objectContaining({ accepted: false })]);
    }
  });

  it('erases a student for good; the next roster does not bring the name back', async () => {
    const file = csvOf([rosterRow(601), rosterRow(602)]);
    await publishedImport(program, (await checkedImport(program, file)).id);
    const [student] = (await program.ask(new StudentsOf(bursar(), SCHOOL, '2026000601', PAGE))).items;
    const erase = () => program.run(new EraseStudentData(bursar(), student!.item.id));
    expect(await erase()).toEqual({ accepted: true, value: { ...student!.item, name: null } });
    expect(await erase()).toMatchObject({ accepted: true });
    const again = await checkedImport(program, file);
    expect(again.preview).toMatchObject({ unchanged: 2, changed: 0 });
    await publishedImport(program, again.id);
    const found = await program.ask(new StudentsOf(bursar(), SCHOOL, '20260006', PAGE));
    expect(found.items.map(({ item }) => [item.studentNo, item.name])).toEqual([
      ['2026000601', null],
      ['2026000602', '学生0602'],
    ]);
    expect(await program.run(new EraseStudentData(bursar(), asId('nobody')))).toMatchObject({
      accepted: false,
      rejection: { code: 'STUDENT_NOT_FOUND' },
    });
  });

  it('publishes all or nothing where that was asked, and nothing when nothing is right', async () => {
    const bad = rosterRow(502).with(9, 'x');
    const publish = (importId: ImportId) =>
      program.run(new PublishImport(bursar(), { idempotencyKey: 'x', importId }));
    const strict = await checkedImport(program, csvOf([rosterRow(501), bad]), {
      errorPolicy: 'all-or-nothing',
    });
    expect(await publish(strict.id)).toMatchObject({
      accepted: false,
      rejection: { code: 'IMPORT_HAS_ERRORS' },
    });
    const none = await checkedImport(program, csvOf([bad]));
    expect(await publish(none.id)).toMatchObject({
      accepted: false,
      rejection: { code: 'NOTHING_TO_ISSUE' },
    });
    const both = await checkedImport(program, csvOf([rosterRow(501), bad]));
    expect((await publishedImport(program, both.id)).result).toEqual({
      issued: 1,
      amended: 0,
      unchanged: 0,
      refused: 0,
    });
    expect(await publish(both.id)).toMatchObject({
      accepted: true,
      value: { state: 'PUBLISHED', result: { issued: 1 } },
    });
    expect(await program.run(new CancelImport(bursar(), both.id))).toMatchObject({
      accepted: false,
      rejection: { code: 'IMPORT_ALREADY_PUBLISHED' },
    });
  });
});

async function tableOf(content: Uint8Array): Promise<string[][]> {
  const sheet = await spreadsheetReader().open(async () => once(content));
  const rows: string[][] = [];
  for await (const batch of sheet.rows)
    rows.push(
      ...batch.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.text))),
    );
  return rows;
}
