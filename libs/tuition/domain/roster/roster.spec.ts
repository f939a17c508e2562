import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import type { RosterCell } from './cell.js';
import { checkRow, type RosterFeeItem } from './check-row.js';
import { bestHeader, readHeader, REQUIRED_COLUMNS, ROSTER_COLUMNS, type RosterColumn } from './columns.js';

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
