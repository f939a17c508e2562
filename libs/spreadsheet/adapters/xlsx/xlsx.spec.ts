import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSheet } from 'read-excel-file/universal';
import { workbookOf, type WorkbookParts } from '#libs/testing/workbook-parts.js';
import { dateOfSerial } from './cell.js';
import { xlsxWriter } from './index.js';
import { readWorkbookFile as read, refusalOf } from '#libs/testing/read-workbook.js';

const rowsOf = async (given: WorkbookParts) => (await read(workbookOf(given))).rows;
const cellsOf = async (cells: string, given: WorkbookParts = {}) =>
  (await rowsOf({ ...given, rows: `<row r="1">${cells}</row>` }))[0]?.cells;

describe('cells', () => {
  it('reads every way of writing text', async () => {
    const strings =
      '<si><t>共享</t></si><si><r><rPr><b/></rPr><t>富</t></r><r><t xml:space="preserve"> 文本</t></r>' +
      '<rPh sb="0" eb="1"><t>フ</t></rPh></si><si><t>a&amp;b&#x4E2D;&#20013;&lt;_x000D_</t></si><si><t/></si>';
    const cells =
      '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c>' +
      '<c r="E1" t="inlineStr"><is><t>内</t></is></c><c r="F1" t="str"><v>原样</v></c><c r="H1" s="0"/><c r=\'I1\'  t = "inlineStr" ><is><r><t>x</t></r></is></c>';
    expect(await cellsOf(cells, { strings })).toEqual([
      '共享',
      '富 文本',
      'a&b中中<\r',
      '',
      '内',
      '原样',
      '',
      '',
      'x',
    ]);
  });

  it('keeps numbers as they are stored and marks what is no text', async () => {
    const cells =
      '<c r="A1"><v>1200.5</v></c><c r="B1" t="n"><v>1.10101200101001E+17</v></c><c r="C1" t="b"><v>1</v></c>' +
      '<c r="D1" t="e"><v>#DIV/0!</v></c><c r="E1"><f>SUM(A1:A9)</f><v>7</v></c><c r="F1" t="str"><f t="shared" si="0"/><v>x</v></c><c r="G1"><f/></c>';
    expect(await cellsOf(cells)).toEqual([
      { kind: 'number', text: '1200.5' },
      { kind: 'number', text: '1.10101200101001E+17' },
      { kind: 'boolean', text: 'TRUE' },
      { kind: 'error', text: '#DIV/0!' },
      { kind: 'formula', text: '=SUM(A1:A9)' },
      { kind: 'formula', text: '=' },
      { kind: 'formula', text: '=' },
    ]);
  });

  it('tells dates by their format, whatever it looks like', async () => {
    const formats = [
      0,
      14,
      'yyyy"年"m"月"d"日";@',
      '[$-804]yyyy-mm-dd',
      '"d"0.00',
      '0.00_);[Red](0.00)',
      31,
      '[h]:mm',
      'General',
    ];
    const cells = formats.map(
      (_, style) => `<c r="${String.fromCharCode(65 + style)}1" s="${style}"><v>46295.75</v></c>`,
    );
    const number = { kind: 'number', text: '46295.75' };
    const date = { kind: 'date', text: '2026-09-30' };
    const expected = [number, date, date, date, number, number, date, date, number];
    expect(await cellsOf(cells.join(''), { formats })).toEqual(expected);
  });

  it('counts days from 1900 with its false leap year, or from 1904', async () => {
    const day = (text: string) => ({ kind: 'date', text });
    const error = { kind: 'error', text: '#DATE!' };
    expect([0, 1, 59, 60, 61, 2_958_465, 2_958_466].map((serial) => dateOfSerial(serial, false))).toEqual([
      error,
      day('1900-01-01'),
      day('1900-02-28'),
      error,
      day('1900-03-01'),
      day('9999-12-31'),
      error,
    ]);
    expect([-1, 0, 1, 44_833].map((serial) => dateOfSerial(serial, true))).toEqual([
      error,
      day('1904-01-01'),
      day('1904-01-02'),
      day('2026-09-30'),
    ]);
    const cell =
      '<c r="A1" s="1"><v>44833</v></c><c r="B1" t="d"><v>2026-09-30T00:00:00Z</v></c><c r="C1" t="d"><v>soon</v></c>';
    expect(await cellsOf(cell, { date1904: true, formats: [0, 14] })).toEqual([
      day('2026-09-30'),
      day('2026-09-30'),
      error,
    ]);
  });

  it('marks the cells that a merge covers, and leaves titles and empty rows alone', async () => {
    const rows =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c><c r="B1" s="0"/></row><row r="2"/>' +
      '<row r="3"><c r="A3" t="inlineStr"><is><t>a</t></is></c></row>' +
      '<row r="4"><c r="B4" t="inlineStr"><is><t>b</t></is></c></row><row r="6"><c r="A6" t="inlineStr"><is><t>c</t></is></c></row>';
    const afterRows = '<mergeCells count="2"><mergeCell ref="A3:A5"/><mergeCell ref="A1:C1"/></mergeCells>';
    const merged = { kind: 'merged', text: '' };
    expect(await rowsOf({ rows, afterRows })).toEqual([
      { row: 1, cells: ['title', merged, merged] },
      { row: 3, cells: ['a'] },
      { row: 4, cells: [merged, 'b'] },
      { row: 6, cells: ['c'] },
    ]);
  });

  it('reads namespace prefixes, missing references and attributes in any order', async () => {
    const sheet = `<?xml version="1.0"?><x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t a='>"/'>1</x:t></x:is></x:c><x:c s="0" r="C1"><x:v>2</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="C1:D1"/></x:mergeCells></x:worksheet>`;
    expect((await read(workbookOf({ parts: { 'xl/worksheets/sheet1.xml': sheet } }))).rows).toEqual([
      { row: 1, cells: ['1', '', { kind: 'number', text: '2' }, { kind: 'merged', text: '' }] },
    ]);
  });
});

describe('sheets', () => {
  const second = '<sheet name="第二" sheetId="2" r:id="s2"/>';

  it('reads the first visible one and names the others', async () => {
    const rows = '<row r="1"><c r="A1"><v>1</v></c></row>';
    expect((await read(workbookOf({ rows, moreSheets: second }))).notes).toEqual([
      { code: 'OTHER_SHEETS_IGNORED', names: '第二' },
    ]);
    const hidden = await read(workbookOf({ rows, moreSheets: second, firstSheetState: 'veryHidden' }));
    expect(hidden).toEqual({
      rows: [{ row: 1, cells: ['second'] }],
      notes: [{ code: 'HIDDEN_SHEETS_IGNORED', names: '名册' }],
    });
    expect(await refusalOf(workbookOf({ firstSheetState: 'hidden' }))).toBe('SPREADSHEET_EMPTY');
  });
});

describe('with other programs', () => {
  const columns = ['甲', '乙', '丙'].map((header) => ({ header, widthCharacters: 10 }));
  const tableOf = (value: fc.Arbitrary<string>) =>
    fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });

  async function roundTrip(rows: readonly (readonly string[])[]) {
    const file = await xlsxWriter.write({ name: '表', columns, rows });
    const found = await read(file);
    const table = [columns.map(({ header }) => header), ...rows].map((_, index) => {
      const cells = found.rows.find(({ row }) => row === index + 1)?.cells ?? [];
      return [0, 1, 2].map((column) => cells[column] ?? '');
    });
    return { file, table };
  }

  it('reads back whatever text is written', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'constructor',
        '__proto__',
        'valueOf',
        '_x0041_',
        '__x005F_',
        'a\r\nb\tc',
        '\u{10fffe}\u0000\u0085\ufffd\ufdd0',
        '=1+1',
        '\ud800',
        '<&>"\'',
      ),
    );
    await fc.assert(
      fc.asyncProperty(tableOf(text), async (rows) => {
        expect((await roundTrip(rows)).table.slice(1)).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  it('agrees with an independent reader', async () => {
    // The other reader trims.
    const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.trim());
    await fc.assert(
      fc.asyncProperty(tableOf(text), async (rows) => {
        const { file, table } = await roundTrip(rows);
        const theirs = (await readSheet(new Blob([Buffer.from(file)]))).map((row) =>
          row.map((cell) => cell ?? ''),
        );
        expect(theirs).toEqual(table.slice(0, theirs.length).map((row) => row.slice(0, theirs[0]!.length)));
      }),
      { numRuns: 15 },
    );
  });

  it('writes text only: no formula, no number, whatever the text looks like', async () => {
    const values = ['=1+1', '110101200101010010', '@x', '007'];
    const { table } = await roundTrip(values.map((value) => [value, '', '']));
    expect(table.slice(1).map(([first]) => first)).toEqual(values);
  });
});
