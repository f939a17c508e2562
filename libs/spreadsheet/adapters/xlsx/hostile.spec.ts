import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  workbookOf,
  workbookParts,
  zipOf,
  type WorkbookParts,
  type ZipPart,
} from '#libs/testing/workbook-parts.js';
import { refusalOf } from '#libs/testing/read-workbook.js';

describe('hostile workbooks', () => {
  const rows = '<row r="1"><c r="A1"><v>1</v></c></row>';
  const replaced = (name: string, change: Partial<ZipPart>) =>
    zipOf(workbookParts({ rows }).map((part) => (part.name === name ? { ...part, ...change } : part)));
  const sheet1 = 'xl/worksheets/sheet1.xml';
  const blanks = (count: number) => ' '.repeat(count);

  it('refuses a bomb before inflating it, and one that lies about its size while inflating', async () => {
    const bomb = zipOf([...workbookParts({ rows }), { name: 'xl/bomb.xml', content: blanks(64 << 20) }]);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refusalOf(bomb)).toBe('SPREADSHEET_BOMB');
    const liar = zipOf([
      ...workbookParts({ rows }),
      { name: 'xl/bomb.xml', content: blanks(64 << 20), statedBytes: 100 },
    ]);
    const before = process.memoryUsage().rss;
    expect(await refusalOf(liar)).toBe('SPREADSHEET_BOMB');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    expect(await refusalOf(replaced(sheet1, { statedBytes: 0xfffffff0 }))).toBe('SPREADSHEET_BOMB');
    const limits = { maxRatio: 10_000, maxInflatedBytes: 1 << 20 };
    expect(await refusalOf(bomb, limits)).toBe('SPREADSHEET_TOO_LARGE');
  });

  it('refuses entries that overlap, differ from the directory or are damaged', async () => {
    const parts = workbookParts({ rows });
    const overlapping = zipOf([
      ...parts,
      { ...parts[0]!, name: '[Content_Types].xml', sharesDataOf: 0, localName: 'x' },
    ]);
    expect(await refusalOf(overlapping)).toBe('SPREADSHEET_UNREADABLE');
    const twice = zipOf([...parts, { ...parts.at(-1)!, name: parts.at(-1)!.name }]);
    expect(await refusalOf(twice)).toBe('SPREADSHEET_UNREADABLE');
    expect(await refusalOf(replaced(sheet1, { localName: 'xl/worksheets/sheet9.xml' }))).toBe(
      'SPREADSHEET_UNREADABLE',
    );
    expect(await refusalOf(replaced(sheet1, { crc: 1 }))).toBe('SPREADSHEET_UNREADABLE');
    expect(await refusalOf(replaced(sheet1, { flags: 1 }))).toBe('SPREADSHEET_OLD_OR_ENCRYPTED');
    expect(await refusalOf(replaced(sheet1, { content: new Uint8Array([0xff, 0xfe, 0x3c, 0]) }))).toBe(
      'SPREADSHEET_UNREADABLE',
    );
    expect(
      await refusalOf(
        zipOf(Array.from({ length: 1_001 }, (_, index) => ({ name: `${index}`, content: '' }))),
      ),
    ).toBe('SPREADSHEET_TOO_LARGE');
    expect(await refusalOf(workbookOf({ rows }), { maxFileBytes: 100 })).toBe('SPREADSHEET_TOO_LARGE');
  });

  it('refuses document type definitions in any part, also across chunks', async () => {
    const entities = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>';
    for (const name of [
      sheet1,
      'xl/workbook.xml',
      'xl/sharedStrings.xml',
      'docProps/app.xml',
      '_rels/.rels',
    ]) {
      const parts = workbookParts({ rows }).filter((part) => part.name !== name);
      const head = '<?xml version="1.0"?>';
      // The last one begins four characters before the end of an inflated chunk.
      const straddling = `${blanks(65_536 - head.length - 4)}<!DOCTYPE x SYSTEM "file:///etc/passwd">`;
      for (const content of [`${head}${entities}<a>&b;</a>`, `${head}${straddling}<a/>`]) {
        expect([name, await refusalOf(zipOf([...parts, { name, content }]))]).toEqual([
          name,
          'SPREADSHEET_DTD',
        ]);
      }
    }
    expect(
      await refusalOf(
        workbookOf({ rows: '<row r="1"><c r="A1" t="inlineStr"><is><t>&xxe;</t></is></c></row>' }),
      ),
    ).toBe('SPREADSHEET_UNREADABLE');
  });

  it('refuses what would cost memory or could be read in two ways', async () => {
    const cases: Record<string, WorkbookParts> = {
      'far column': { rows: '<row r="1"><c r="XFD1"><v>1</v></c></row>' },
      'far row': { rows: '<row r="1048577"><c r="A1048577"><v>1</v></c></row>' },
      'many merges': {
        rows,
        afterRows: `<mergeCells>${'<mergeCell ref="A1:B1"/>'.repeat(10_001)}</mergeCells>`,
      },
      'endless text': {
        rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>${'x'.repeat(700_000)}</t></is></c></row>`,
      },
      'rows out of order': { rows: '<row r="2"/><row r="1"/>' },
      'cells out of order': { rows: '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>' },
      'cell of another row': { rows: '<row r="1"><c r="A2"><v>1</v></c></row>' },
      'unknown string': { rows: '<row r="1"><c r="A1" t="s"><v>7</v></c></row>' },
      'no number': { rows: '<row r="1"><c r="A1"><v>0x10</v></c></row>' },
      'unknown type': { rows: '<row r="1"><c r="A1" t="z"><v>1</v></c></row>' },
      'deep nesting': { rows: '<a>'.repeat(70) },
      'open element': { rows: '<row r="1">' },
      CDATA: {
        rows: '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</sheetData>]]></t></is></c></row>',
      },
      'overlapping merges': {
        rows: '<row r="9"><c r="A9"><v>1</v></c></row>',
        afterRows: `<mergeCells>${'<mergeCell ref="A1:IV1048576"/>'.repeat(9_000)}</mergeCells>`,
      },
      'bad merge': { rows, afterRows: '<mergeCells><mergeCell ref="A0"/></mergeCells>' },
    };
    const outcomes = await Promise.all(
      Object.entries(cases).map(async ([name, given]) => [name, await refusalOf(workbookOf(given))]),
    );
    const large = new Set(['far column', 'far row', 'many merges']);
    const expected = Object.keys(cases).map((name) => [
      name,
      large.has(name) ? 'SPREADSHEET_TOO_LARGE' : 'SPREADSHEET_UNREADABLE',
    ]);
    expect(outcomes).toEqual(expected);
    // A style alone may stand in the last column, as a coloured row does.
    expect(
      await refusalOf(workbookOf({ rows: '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>' })),
    ).toBe('none');
    const strings = `<si><t>${'x'.repeat(2_000)}</t></si>`;
    expect(await refusalOf(workbookOf({ rows, strings }), { maxSharedStringsBytes: 1_000 })).toBe(
      'SPREADSHEET_TOO_LARGE',
    );
  });

  it('ends with rows or a refusal, whatever bytes change', async () => {
    const strings = '<si><t>学生0001</t></si><si><t>学费</t></si>';
    const cells =
      '<c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46295</v></c><c r="C1"><f>A1</f><v>1</v></c>';
    const whole = workbookParts({ strings, rows: `<row r="1">${cells}</row>`, formats: [0, 14] });
    const stored = zipOf(whole.map((part) => ({ ...part, stored: true })));
    const change = fc.record({ at: fc.nat(stored.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(stored.length),
        async (changes, cut) => {
          const file = Buffer.from(stored);
          for (const { at, to } of changes) file[at] = to;
          await refusalOf(changes.length === 1 ? file.subarray(0, cut) : file);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends with rows or a refusal, whatever the sheet says', async () => {
    const token = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'row',
      'c',
      ' r="A1"',
      ' t="s"',
      'v',
      'is',
      't',
      '"',
      "'",
      '&amp;',
      '&',
      '1',
      ' ',
      '<row r="1">',
      '<c r="A1">',
      '</c>',
      '</row>',
      '<!--',
      ']]>',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 30 }), async (tokens) => {
        await refusalOf(workbookOf({ rows: tokens.join('') }));
      }),
      { numRuns: 300 },
    );
  });
});
