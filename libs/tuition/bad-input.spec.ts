import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportId } from '#libs/kernel/ids/index.js';
import { csvLine, HEADER, rosterCsv, rosterRow } from '#libs/testing/roster.js';
import { checkedImport, tableOf } from '#libs/testing/roster-files.js';
import {
  bursar,
  defineFeeItems,
  tuitionProgram,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import { workbookOf, workbookParts, zipOf } from '#libs/testing/workbook-parts.js';
import { ImportErrorWorkbook, ImportRowErrors, PublishImport } from './contract/index.js';

const PAGE = { first: 250 };

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
    ['header alone', rosterCsv([]), 'IMPORT_EMPTY', 'no rows'],
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
      rosterCsv(
        [['x']],
        HEADER.filter((title) => title !== '应缴金额'),
      ),
      'IMPORT_HEADER_MISSING',
      '应缴金额',
    ],
    ['column twice', rosterCsv([rosterRow(1)], [...HEADER, '学号']), 'IMPORT_HEADER_REPEATED', '学号'],
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
});
