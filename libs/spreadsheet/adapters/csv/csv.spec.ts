import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { SpreadsheetRefused, type Cell } from '#libs/spreadsheet/port/index.js';
import { CSV_LIMITS, openCsv } from './index.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, options: { readonly size?: number; readonly limits?: object } = {}) {
  const sheet = await openCsv(async () => pieces(bytes, options.size ?? 7), {
    ...CSV_LIMITS,
    ...options.limits,
  });
  const rows: [number, readonly Cell[]][] = [];
  for await (const batch of sheet.rows)
    rows.push(...batch.map(({ row, cells }): [number, readonly Cell[]] => [row, cells]));
  return rows;
}

async function refusalOf(bytes: Uint8Array, limits: object = {}): Promise<string> {
  return read(bytes, { limits }).then(
    () => 'none',
    (error: unknown) => (error instanceof SpreadsheetRefused ? error.code : String(error)),
  );
}

const HEADER: [number, readonly Cell[]] = [1, ['学号', '姓名']];

describe('encodings', () => {
  const text = '学号,姓名\r\n001,学生㐀𠀀\r\n';
  const expected = [HEADER, [2, ['001', '学生㐀𠀀']]];

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with BOM', Buffer.from(`\uFEFF${text}`)],
    ['GB18030', iconv.encode(text, 'gb18030')],
    ['UTF-16LE with BOM', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['UTF-16BE with BOM', iconv.encode(text, 'utf-16be', { addBOM: true })],
  ])('reads %s', async (_name, bytes) => {
    expect(await read(bytes)).toEqual(expected);
    expect(await read(bytes, { size: 1 })).toEqual(expected);
  });

  it('reads GBK, and GB18030 that shows itself only at the end', async () => {
    expect(await read(iconv.encode('学号,姓名\n', 'gbk'))).toEqual([HEADER]);
    const late = Buffer.concat([Buffer.alloc(200_000, 'a,b\n'), iconv.encode('学号,姓名', 'gb18030')]);
    expect((await read(late, { size: 65_536 })).at(-1)).toEqual([50_001, HEADER[1]]);
  });

  it('decodes what an independent encoder made, however it is cut', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((value) => /^[^",;\t\r\n\0\uFEFF]+$/.test(value) && value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.constantFrom('utf8', 'gb18030'),
        fc.integer({ min: 1, max: 9 }),
        async (value, encoding, size) => {
          const bytes = iconv.encode(`学号,${value}`, encoding);
          fc.pre(iconv.decode(bytes, encoding) === `学号,${value}`);
          expect(await read(bytes, { size })).toEqual([[1, ['学号', value]]]);
        },
      ),
    );
  });

  it('refuses what is no text in any of them', async () => {
    expect(await refusalOf(Buffer.from([0x61, 0xff, 0xff, 0x2c]))).toBe('SPREADSHEET_ENCODING_UNKNOWN');
    expect(await refusalOf(Buffer.from('a,b\0c\n'))).toBe('SPREADSHEET_ENCODING_UNKNOWN');
    expect(await refusalOf(iconv.encode('学号,姓名', 'utf-16le'))).toBe('SPREADSHEET_ENCODING_UNKNOWN');
    expect(await refusalOf(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]))).toBe(
      'SPREADSHEET_ENCODING_UNKNOWN',
    );
  });
});

describe('rows', () => {
  it('takes mixed line ends, quotes, ragged rows and empty lines', async () => {
    const text = '学号,姓名\r1,"a,""b"""\n2\r\n\n3,x,y,,\r\n,\n4,"two\r\nlines"\n5,pl"ain"';
    expect(await read(Buffer.from(text))).toEqual([
      HEADER,
      [2, ['1', 'a,"b"']],
      [3, ['2']],
      [5, ['3', 'x', 'y', '', '']],
      [7, ['4', 'two\r\nlines']],
      [8, ['5', 'pl"ain"']],
    ]);
  });

  it('finds the separator', async () => {
    expect(await read(Buffer.from('学号\t姓名\n1\ta,b'))).toEqual([HEADER, [2, ['1', 'a,b']]]);
    expect(await read(Buffer.from('学号;姓名\n1;a,b'))).toEqual([HEADER, [2, ['1', 'a,b']]]);
    expect(await read(Buffer.from('sep=;\r\n学号;姓名'))).toEqual([HEADER]);
  });

  it('round-trips any fields', async () => {
    const field = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .filter((value) => value.isWellFormed() && !/[\0\uFEFF]/.test(value));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 6 }), async (rows) => {
        const quoted = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\r\n');
        const expected = rows.flatMap((row, index) => (row.join('') === '' ? [] : [[index + 2, row]]));
        expect(await read(Buffer.from(`学号,姓名\n${quoted}`))).toEqual([HEADER, ...expected]);
      }),
    );
  });

  it('refuses what is too long, too wide, too much or never ends', async () => {
    expect(await refusalOf(Buffer.from(`a,b\n"${'x'.repeat(70_000)}`))).toBe('SPREADSHEET_TOO_LARGE');
    expect(await refusalOf(Buffer.from('x'.repeat(70_000)))).toBe('SPREADSHEET_TOO_LARGE');
    expect(await refusalOf(Buffer.from(','.repeat(256)))).toBe('SPREADSHEET_TOO_LARGE');
    expect(await refusalOf(Buffer.from('a\n'.repeat(11)), { maxRows: 10 })).toBe('SPREADSHEET_TOO_LARGE');
    expect(await refusalOf(Buffer.from('a,b\n1,"open'))).toBe('SPREADSHEET_UNREADABLE');
  });

  it('lets a reader stop early without leaving the source open', async () => {
    let closed = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (let chunk = 0; chunk < 100; chunk += 1) yield Buffer.from('a,b\n'.repeat(1_000));
      } finally {
        closed += 1;
      }
    }
    const sheet = await openCsv(async () => endless());
    for await (const batch of sheet.rows) {
      expect(batch).toHaveLength(500);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(2);
  });
});
