import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guardFormula, plainNumber, unguardFormula } from './cell.js';
import {
  checkDigitOf,
  readAcademicYear,
  readAmount,
  readDate,
  readIdNumber,
  readPhone,
  readTerm,
} from './fields.js';

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
});
