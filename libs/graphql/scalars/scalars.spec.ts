import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, LocalDateScalar } from './index.js';
import { moneyFields, readMoney } from '../money.js';

const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions.code : (error as { code?: string }).code;
  }
  return 'accepted';
};
const literal = (kind: Kind.STRING | Kind.INT | Kind.FLOAT, value: string): ValueNode => ({ kind, value });

describe('Decimal', () => {
  it('reads and writes text as it stands', () => {
    for (const text of ['0', '1409.50', '999999999999999.99', '0.1']) {
      expect(DecimalScalar.parseValue(text)).toBe(text);
      expect(DecimalScalar.parseLiteral(literal(Kind.STRING, text))).toBe(text);
    }
  });

  it.each([
    '1e3',
    '0x10',
    ' 12 ',
    '１２',
    '-0',
    '-1',
    '+1',
    '.5',
    '5.',
    '',
    '1,000.00',
    '1234567890123456',
    '١',
    '1.000000001',
    '12\n',
  ])('refuses %j', (text) => {
    expect(codeOf(() => DecimalScalar.parseValue(text))).toBe('INVALID_AMOUNT');
  });

  it('refuses what is no string, in variables and in the document', () => {
    for (const value of [2 ** 53, 12, 12.5, true, null, {}, ['1']])
      expect(codeOf(() => DecimalScalar.parseValue(value))).toBe('INVALID_AMOUNT');
    expect(codeOf(() => DecimalScalar.parseLiteral(literal(Kind.INT, '12')))).toBe('INVALID_AMOUNT');
    expect(codeOf(() => DecimalScalar.parseLiteral(literal(Kind.FLOAT, '12.5')))).toBe('INVALID_AMOUNT');
  });
});

describe('money', () => {
  it('keeps every amount exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 17n - 1n), (fen) => {
        const amount = moneyFields.amount({ asset: 'CNY/2', amount: fen });
        expect(readMoney({ amount, currency: 'CNY' })).toEqual({ asset: 'CNY/2', amount: fen });
      }),
    );
  });

  it('refuses decimals that the currency has not, and other currencies', () => {
    expect(codeOf(() => readMoney({ amount: '1.005', currency: 'CNY' }))).toBe('INVALID_AMOUNT');
    expect(codeOf(() => readMoney({ amount: '1.00', currency: 'USD' }))).toBe('UNSUPPORTED_CURRENCY');
    expect(codeOf(() => readMoney({ amount: '1.00', currency: '__proto__' }))).toBe('UNSUPPORTED_CURRENCY');
  });
});

describe('the other scalars', () => {
  it('accept what they name and nothing else', () => {
    expect(CurrencyCodeScalar.parseValue('CNY')).toBe('CNY');
    for (const text of ['cny', 'CN', 'CNYX', '人民币'])
      expect(codeOf(() => CurrencyCodeScalar.parseValue(text))).toBe('INVALID_CURRENCY');
    expect(DateTimeScalar.parseValue('2026-09-01T08:00:00+08:00')).toBe('2026-09-01T00:00:00.000Z');
    for (const text of ['2026-09-01', '2026-13-01T00:00:00Z', 'now'])
      expect(codeOf(() => DateTimeScalar.parseValue(text))).toBe('INVALID_DATETIME');
    expect(LocalDateScalar.parseValue('2028-02-29')).toBe('2028-02-29');
    for (const text of ['2026-02-29', '2026-9-1', '2026-09-01T00:00:00Z'])
      expect(codeOf(() => LocalDateScalar.parseValue(text))).toBe('INVALID_DATE');
  });
});
