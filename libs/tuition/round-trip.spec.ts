import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { ImportId } from '#libs/kernel/ids/index.js';
import { xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { csvLine, HEADER, rosterCsv, rosterRow, rosterWorkbook } from '#libs/testing/roster.js';
import { checkedImport, publishedImport, tableOf } from '#libs/testing/roster-files.js';
import {
  bursar,
  defineFeeItems,
  tuitionProgram,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import { CancelImport, ImportDiff, ImportErrorWorkbook, ImportRowErrors } from './contract/index.js';

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

describe('a round trip', () => {
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
    const text = rosterCsv([rosterRow(901), rosterRow(902)]).toString('utf8');
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
