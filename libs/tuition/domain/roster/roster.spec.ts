import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { guardFormula, plainNumber, unguardFormula, type RosterCell } from './cell.js';
import { checkRow, type RosterFeeItem } from './check-row.js';
import { bestHeader, readHeader, REQUIRED_COLUMNS, ROSTER_COLUMNS, type RosterColumn } from './columns.js';
import {
  checkDigitOf,
  readAcademicYear,
  readAmount,
  readDate,
  readIdNumber,
  readPhone,
  readTerm,
} from './fields.js';

const tuition: RosterFeeItem = { id: asId('f-1'), code: 'TUITION', name: '学费', retired: false };
const uniform: RosterFeeItem = { id: asId('f-2'), code: 'UNIFORM', name: '校服费', retired: true };
const feeItems = new Map(
  [tuition, uniform].flatMap((item) => [[item.code, item] as const, [item.name, item] as const]),
);

const right: Readonly<Partial<Record<RosterColumn, RosterCell>>> = {
  academicYear: '2026-2027',
  term: '1',
  studentNo: '2026000001',
  name: '学生0001',
  grade: '高一',
  className: '高一1班',
  idNumber: '110101201001010010',
  feeItem: '学费',
  amount: '1200.00',
  waiver: '200',
  dueDate: '2026-09-30',
  phone: '10000000001',
  deferred: '否',
};

function check(changes: Partial<Record<RosterColumn, RosterCell>> = {}, more: readonly RosterCell[] = []) {
  const cells = { ...right, ...changes };
  const header = readHeader(1, Object.keys(cells));
  return checkRow(2, [...Object.values(cells), ...more], { header, feeItems });
}

const faultsOf = (changes: Partial<Record<RosterColumn, RosterCell>>, more: readonly RosterCell[] = []) => {
  const verdict = check(changes, more);
  return verdict.right ? [] : verdict.faults.map(({ column, code }) => `${column} ${code}`);
};

describe('a header', () => {
  it('is found in Chinese, English or both, in any order, with marks and blanks', () => {
    const header = readHeader(3, [
      ' 学 号 ',
      '姓名*',
      'FEEITEM',
      '应缴金额（必填）',
      'dueDate',
      '备注',
      '缴费年度',
      '学期',
      '',
    ]);
    expect(header).toEqual({
      row: 3,
      titles: ['学 号', '姓名*', 'FEEITEM', '应缴金额（必填）', 'dueDate', '备注', '缴费年度', '学期', ''],
      positions: { studentNo: 0, name: 1, feeItem: 2, amount: 3, dueDate: 4, academicYear: 6, term: 7 },
      missing: [],
      repeated: [],
      unknown: ['备注'],
      language: 'zh-CN',
    });
    expect(readHeader(1, Object.keys(ROSTER_COLUMNS))).toMatchObject({
      missing: [],
      unknown: [],
      language: 'en-US',
    });
    expect(readHeader(1, Object.values(ROSTER_COLUMNS))).toMatchObject({
      missing: [],
      unknown: [],
      language: 'zh-CN',
    });
  });

  it('is the row that comes closest', () => {
    const title = readHeader(1, ['2026年秋季收费名册']);
    const partial = readHeader(2, ['学号', '姓名', '学号']);
    expect(title.missing).toEqual(REQUIRED_COLUMNS);
    expect(partial).toMatchObject({
      repeated: ['studentNo'],
      missing: ['academicYear', 'term', 'feeItem', 'amount', 'dueDate'],
    });
    expect(bestHeader([title, partial])).toBe(partial);
    expect(bestHeader([])).toBeUndefined();
  });
});

describe('a row', () => {
  it('is read as a whole', () => {
    expect(check()).toEqual({
      right: true,
      roster: {
        row: 2,
        academicYear: '2026-2027',
        term: '1',
        studentNo: '2026000001',
        told: {
          name: '学生0001',
          idNumber: '110101201001010010',
          phone: '10000000001',
          grade: '高一',
          className: '高一1班',
        },
        feeItem: tuition,
        amountFen: 120000n,
        waivedFen: 20000n,
        dueDate: '2026-09-30',
        checkDigitWrong: true,
      },
    });
    expect(check({ waiver: '', idNumber: '', phone: '', grade: '', className: '' })).toMatchObject({
      roster: { told: { name: '学生0001' }, waivedFen: 0n, checkDigitWrong: false },
    });
  });

  it('reads numbers and dates where a spreadsheet program made them', () => {
    const number = (text: string): RosterCell => ({ kind: 'number', text });
    const verdict = check({
      studentNo: number('2026000001'),
      amount: number('1200.5'),
      waiver: number('0.30000000000000004'),
      phone: number('10000000001'),
      term: number('1'),
      dueDate: { kind: 'date', text: '2026-09-30' },
    });
    expect(verdict).toMatchObject({
      roster: {
        studentNo: '2026000001',
        amountFen: 120050n,
        waivedFen: 30n,
        term: '1',
        dueDate: '2026-09-30',
      },
    });
    expect(check({ dueDate: number('20260930') })).toMatchObject({ roster: { dueDate: '2026-09-30' } });
  });

  it.each<[string, Partial<Record<RosterColumn, RosterCell>>, string[]]>([
    [
      'empty cells',
      { studentNo: ' ', name: '', amount: '' },
      ['studentNo IMPORT_VALUE_MISSING', 'name IMPORT_VALUE_MISSING', 'amount IMPORT_VALUE_MISSING'],
    ],
    ['formula', { amount: { kind: 'formula', text: '=A1' } }, ['amount IMPORT_CELL_FORMULA']],
    ['error', { grade: { kind: 'error', text: '#N/A' } }, ['grade IMPORT_CELL_ERROR']],
    ['merged', { className: { kind: 'merged', text: '' } }, ['className IMPORT_CELL_MERGED']],
    [
      'class that became a date',
      { className: { kind: 'date', text: '2026-01-02' } },
      ['className IMPORT_CELL_IS_DATE'],
    ],
    [
      'cut id',
      { idNumber: { kind: 'number', text: '1.10101201001010E+17' } },
      ['idNumber IMPORT_ID_TRUNCATED'],
    ],
    [
      'cut student number',
      { studentNo: { kind: 'number', text: '2026000000000001' } },
      ['studentNo IMPORT_ID_TRUNCATED'],
    ],
    ['huge number', { amount: { kind: 'number', text: '1E+16' } }, ['amount IMPORT_AMOUNT_TOO_LARGE']],
    ['long text', { name: '生'.repeat(65) }, ['name IMPORT_TEXT_TOO_LONG']],
    ['turned writing', { name: '学生\u202e' }, ['name IMPORT_TEXT_FORBIDDEN']],
    ['hidden blank', { className: '高一\u200b1班' }, ['className IMPORT_TEXT_FORBIDDEN']],
    ['line break', { name: '学\n生' }, ['name IMPORT_TEXT_FORBIDDEN']],
    ['half a character', { name: '学\ud800' }, ['name IMPORT_TEXT_FORBIDDEN']],
    ['full-width number', { studentNo: '２０２６' }, ['studentNo IMPORT_STUDENT_NO_INVALID']],
    ['waiver', { waiver: '1200.01' }, ['waiver IMPORT_WAIVER_EXCEEDS_AMOUNT']],
    ['zero', { amount: '0.00', waiver: '' }, ['amount IMPORT_AMOUNT_ZERO']],
    ['unknown item', { feeItem: '餐费' }, ['feeItem IMPORT_FEE_ITEM_UNKNOWN']],
    ['retired item', { feeItem: 'UNIFORM' }, ['feeItem IMPORT_FEE_ITEM_RETIRED']],
    ['deferral', { deferred: '是' }, ['deferred IMPORT_DEFERRAL_UNSUPPORTED']],
    ['long term', { term: '长'.repeat(21) }, ['term IMPORT_TERM_INVALID']],
  ])('says what is wrong: %s', (_name, changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults);
  });

  it('is not wider than its header', () => {
    expect(faultsOf({}, ['', ' ', { kind: 'merged', text: '' }])).toEqual([]);
    expect(faultsOf({}, ['', 'x'])).toEqual(['studentNo IMPORT_ROW_TOO_WIDE']);
  });

  it('ignores results and messages, whatever they hold', () => {
    const formula: RosterCell = { kind: 'formula', text: '=1' };
    expect(
      faultsOf({ paid: formula, outstanding: 'x', status: 'y', errors: '第3行　姓名：不能为空' }),
    ).toEqual([]);
  });

  it('keeps text that looks like a formula', () => {
    expect(check({ name: '=cmd()' })).toMatchObject({ roster: { told: { name: '=cmd()' } } });
    expect(check({ name: "'=cmd()" })).toMatchObject({ roster: { told: { name: '=cmd()' } } });
  });
});

describe('fields', () => {
  it('takes an amount exactly or not at all', () => {
    const cases = [
      '0',
      '0.5',
      '1409.50',
      '100000000.00',
      '1e3',
      '0x10',
      ' 12 ',
      '１２',
      '-0',
      '-5',
      '+5',
      '1.234',
      '1,200',
      '1.',
      '.5',
      '',
      '100000000.01',
      '9007199254740993',
      '1'.repeat(16),
      '¥5',
      '1200元',
      'NaN',
    ];
    expect(cases.map((text) => [text, readAmount(text)])).toEqual([
      ['0', { value: 0n }],
      ['0.5', { value: 50n }],
      ['1409.50', { value: 140950n }],
      ['100000000.00', { value: 10_000_000_000n }],
      ...['1e3', '0x10', ' 12 ', '１２'].map((text) => [text, { code: 'IMPORT_AMOUNT_INVALID' }]),
      ...['-0', '-5'].map((text) => [text, { code: 'IMPORT_AMOUNT_NEGATIVE' }]),
      ...['+5', '1.234', '1,200', '1.', '.5', ''].map((text) => [text, { code: 'IMPORT_AMOUNT_INVALID' }]),
      ...['100000000.01', '9007199254740993', '1'.repeat(16)].map((text) => [
        text,
        { code: 'IMPORT_AMOUNT_TOO_LARGE' },
      ]),
      ...['¥5', '1200元', 'NaN'].map((text) => [text, { code: 'IMPORT_AMOUNT_INVALID' }]),
    ]);
  });

  it('takes dates as people write them, when they exist', () => {
    for (const text of ['2026-09-30', '2026-9-30', '2026/9/30', '2026.9.30', '2026年9月30日', '20260930']) {
      expect([text, readDate(text)]).toEqual([text, { value: '2026-09-30' }]);
    }
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '30/9/2026',
      '26-9-30',
      '2026-09/30',
      '1999-12-31',
      '2101-01-01',
      '46295',
      'soon',
    ]) {
      expect([text, readDate(text)]).toEqual([text, { code: 'IMPORT_DATE_INVALID' }]);
    }
  });

  it('writes a year and a term in one way', () => {
    for (const text of ['2026-2027', '2026/2027', '2026—2027学年', '2026 - 2027 学年度', '2026至2027']) {
      expect([text, readAcademicYear(text)]).toEqual([text, { value: '2026-2027' }]);
    }
    expect(readAcademicYear('2026年')).toEqual({ value: '2026' });
    for (const text of ['2026-2028', '2027-2026', '26-27', '1999', '二〇二六']) {
      expect([text, readAcademicYear(text)]).toEqual([text, { code: 'IMPORT_ACADEMIC_YEAR_INVALID' }]);
    }
    expect(['1', '第一学期', '第1学期', '秋季'].map(readTerm)).toEqual([
      { value: '1' },
      { value: '1' },
      { value: '1' },
      { value: '秋季' },
    ]);
  });

  it('takes identity numbers with a wrong check digit, and says so', () => {
    expect(checkDigitOf('11010519491231002')).toBe('X');
    expect(readIdNumber('11010519491231002x')).toEqual({
      value: { idNumber: '11010519491231002X', checkDigitRight: true },
    });
    expect(readIdNumber('110105194912310021')).toEqual({
      value: { idNumber: '110105194912310021', checkDigitRight: false },
    });
    for (const text of [
      '11010519491231002',
      '110105194913310021',
      '010105194912310021',
      '11010518991231002X',
      'A1010519491231002X',
      '１１０１０５１９４９１２３１００２',
    ]) {
      expect([text, readIdNumber(text)]).toEqual([text, { code: 'IMPORT_ID_NUMBER_INVALID' }]);
    }
  });

  it('takes mobile and fixed numbers', () => {
    for (const text of [
      '10000000001',
      '+86-13800000000',
      '8613800000000',
      '010-12345678',
      '0571-1234567-12',
      '138 0000 0000',
    ]) {
      expect([text, readPhone(text)]).toEqual([text, { value: text.replaceAll(' ', '') }]);
    }
    for (const text of ['12345', '23800000000', '138000000000', '1380000000O']) {
      expect([text, readPhone(text)]).toEqual([text, { code: 'IMPORT_PHONE_INVALID' }]);
    }
  });

  it('reads stored numbers as they are shown', () => {
    expect(
      ['1200', '1200.5', '1.2E3', '0.1', '1234.5600000000001', '-3', '999999999999999'].map(plainNumber),
    ).toEqual(['1200', '1200.5', '1200', '0.1', '1234.56', '-3', '999999999999999']);
    expect(['1E15', '1e-9', 'Infinity', '110101200101001230'].map(plainNumber)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('guards formulas on the way out and takes the guard off on the way in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^'{0,2}[=+\-@]x$/)), (text) => {
        const out = guardFormula(text);
        expect(unguardFormula(out)).toBe(text);
        expect(/^[=+\-@\t\r]/.test(out)).toBe(false);
      }),
    );
  });

  it('never throws, whatever stands in the cells', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('2026-2027', '1200.00', '学费', '2026-09-30'),
    );
    const kind = fc.constantFrom('number', 'date', 'boolean', 'formula', 'error', 'merged');
    const cell: fc.Arbitrary<RosterCell> = fc.oneof(
      text,
      fc.record({ kind, text }),
    ) as fc.Arbitrary<RosterCell>;
    const columns = Object.keys(right);
    fc.assert(
      fc.property(fc.array(cell, { maxLength: columns.length + 2 }), (cells) => {
        const verdict = checkRow(2, cells, { header: readHeader(1, columns), feeItems });
        if (!verdict.right) expect(verdict.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
