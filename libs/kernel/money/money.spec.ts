import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  type Asset,
  CNY,
  compare,
  currencyOf,
  equals,
  exponentOf,
  formatDecimal,
  fromStoredMoney,
  minimum,
  money,
  parseDecimal,
  subtract,
  sum,
  toStoredMoney,
  zero,
} from './index.js';

const ASSETS: readonly Asset[] = [CNY, 'JPY/0', 'BHD/3', 'ECNY/2'];
/** Everything the input contract can carry: 15 integer digits and the asset's decimals. */
const priced = fc
  .constantFrom(...ASSETS)
  .chain((asset) =>
    fc
      .bigInt({ min: 0n, max: 10n ** BigInt(15 + exponentOf(asset)) - 1n })
      .map((amount) => money(asset, amount)),
  );
const fen = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((amount) => money(CNY, amount));

function refusal(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe('parseDecimal and formatDecimal', () => {
  it('are inverse on every amount the input contract can carry', () => {
    fc.assert(
      fc.property(priced, (value) => {
        expect(parseDecimal(formatDecimal(value), value.asset)).toEqual(value);
      }),
    );
  });

  it.each([
    ['1409.50', CNY, 140_950n],
    ['1409.5', CNY, 140_950n],
    ['1409', CNY, 140_900n],
    ['0', CNY, 0n],
    ['0.01', CNY, 1n],
    ['007.10', CNY, 710n],
    ['999999999999999.99', CNY, 99_999_999_999_999_999n],
    ['12', 'JPY/0', 12n],
    ['1.234', 'BHD/3', 1_234n],
  ] as const)('reads "%s" as %s', (text, asset, amount) => {
    expect(parseDecimal(text, asset)).toEqual({ asset, amount });
  });

  it.each([
    ['140950', CNY, '1409.50'],
    ['5', CNY, '0.05'],
    ['0', CNY, '0.00'],
    ['-5', CNY, '-0.05'],
    ['-140950', CNY, '-1409.50'],
    ['7', 'JPY/0', '7'],
    ['7', 'BHD/3', '0.007'],
  ] as const)('writes %s of %s as "%s"', (amount, asset, text) => {
    expect(formatDecimal(money(asset, BigInt(amount)))).toBe(text);
  });

  it.each([
    '9007199254740993',
    '1e3',
    '0x10',
    ' 12 ',
    '12 ',
    '12\n',
    '１２',
    '１２．５０',
    '-0',
    '-1',
    '+1',
    '1.234',
    '1.',
    '.5',
    '1,409.50',
    '1 409.50',
    '1.2.3',
    '',
    'NaN',
    'Infinity',
    '¥12',
    '12\u0000',
    '\ufeff12',
    '\u202e12',
    '1'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(refusal(() => parseDecimal(text, CNY))).toMatchObject({
      name: 'InvalidInputError',
      code: 'INVALID_AMOUNT',
    });
  });

  it('refuses what is no string, and decimals of an asset that has none', () => {
    for (const [value, asset] of [
      [12, CNY],
      [null, CNY],
      [['12'], CNY],
      ['12.0', 'JPY/0'],
    ] as const) {
      expect(refusal(() => parseDecimal(value as string, asset))).toMatchObject({ code: 'INVALID_AMOUNT' });
    }
  });

  it('reads nothing but what it would write, up to leading and trailing zeros', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-+eE ,０x') }), (text) => {
        const read = refusal(() => parseDecimal(text, CNY));
        if (read instanceof Error) return;
        const written = formatDecimal(read as ReturnType<typeof money>);
        const [whole = '', fraction = ''] = text.split('.');
        expect(written).toBe(`${whole.replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('assets', () => {
  it('carry their exponent and currency', () => {
    expect([exponentOf(CNY), exponentOf('JPY/0'), currencyOf(CNY)]).toEqual([2, 0, 'CNY']);
  });

  it.each(['CNY', 'cny/2', 'CNY/', 'CNY/2 ', 'CNY/-2', 'CNY/100', '/2', 'CN/2', 'ＣＮＹ/2'])(
    'refuses %j',
    (asset) => {
      expect(refusal(() => exponentOf(asset as Asset))).toMatchObject({ code: 'INVALID_ASSET' });
    },
  );
});

describe('sums', () => {
  it('agree with integers', () => {
    fc.assert(
      fc.property(fen, fen, (a, b) => {
        expect(add(a, b)).toEqual(money(CNY, a.amount + b.amount));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(compare(a, b) + compare(b, a)).toBe(0);
        expect(compare(a, a)).toBe(0);
        expect(compare(a, b) === 0).toBe(equals(a, b));
        expect(compare(minimum(a, b), a) <= 0 && compare(minimum(a, b), b) <= 0).toBe(true);
      }),
    );
  });

  it('add up in any order and keep every fen', () => {
    fc.assert(
      fc.property(fc.array(fen), (parts) => {
        expect(sum(CNY, parts)).toEqual(sum(CNY, [...parts].reverse()));
      }),
    );
    expect(
      sum(
        CNY,
        Array.from({ length: 3 }, () => money(CNY, 9_007_199_254_740_993n)),
      ),
    ).toEqual(money(CNY, 27_021_597_764_222_979n));
    expect(sum(CNY, [])).toEqual(zero(CNY));
  });

  it('refuse to mix assets', () => {
    const other = money('JPY/0', 1n);
    for (const act of [add, subtract, compare, minimum]) {
      expect(refusal(() => act(money(CNY, 1n), other))).toMatchObject({ code: 'ASSET_MISMATCH' });
    }
    expect(refusal(() => sum(CNY, [other]))).toMatchObject({ code: 'ASSET_MISMATCH' });
    expect(equals(money(CNY, 1n), money('JPY/0', 1n))).toBe(false);
  });
});

describe('stored money', () => {
  it('comes back as it was, through JSON', () => {
    fc.assert(
      fc.property(fen, (value) => {
        expect(fromStoredMoney(JSON.parse(JSON.stringify(toStoredMoney(value))))).toEqual(value);
      }),
    );
    expect(toStoredMoney(money(CNY, 140_950n))).toEqual({ asset: 'CNY/2', amount: '140950' });
  });

  it.each(['', ' 12', '0x10', '1.5', '1e3', '--1', '１２', '1'.repeat(31)])(
    'refuses the amount %j',
    (amount) => {
      expect(refusal(() => fromStoredMoney({ asset: 'CNY/2', amount }))).toMatchObject({
        code: 'INVALID_AMOUNT',
      });
    },
  );

  it('refuses an unknown asset', () => {
    expect(refusal(() => fromStoredMoney({ asset: 'CNY', amount: '1' }))).toMatchObject({
      code: 'INVALID_ASSET',
    });
  });
});
