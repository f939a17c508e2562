import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chineseCapitals, CNY, money, parseDecimal } from './index.js';

/** 《支付结算办法》附一 (People's Bank of China, 1997): its six examples. Where it allows two forms, the one with 零 is ours. */
const PUBLISHED = [
  ['1409.50', '壹仟肆佰零玖元伍角'],
  ['6007.14', '陆仟零柒元壹角肆分'],
  ['1680.32', '壹仟陆佰捌拾元零叁角贰分'],
  ['107000.53', '壹拾万柒仟元零伍角叁分'],
  ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
  ['325.04', '叁佰贰拾伍元零肆分'],
] as const;

/** By the same rules. */
const DERIVED = [
  ['0', '零元整'],
  ['0.01', '壹分'],
  ['0.10', '壹角'],
  ['0.56', '伍角陆分'],
  ['1', '壹元整'],
  ['10', '壹拾元整'],
  ['15', '壹拾伍元整'],
  ['20.50', '贰拾元零伍角'],
  ['100', '壹佰元整'],
  ['1005', '壹仟零伍元整'],
  ['1010', '壹仟零壹拾元整'],
  ['5000', '伍仟元整'],
  ['10000', '壹万元整'],
  ['10001', '壹万零壹元整'],
  ['10500', '壹万零伍佰元整'],
  ['100500', '壹拾万零伍佰元整'],
  ['1000000', '壹佰万元整'],
  ['20030004.05', '贰仟零叁万零肆元零伍分'],
  ['100000000', '壹亿元整'],
  ['100000001', '壹亿零壹元整'],
  ['100010000', '壹亿零壹万元整'],
  ['110000000', '壹亿壹仟万元整'],
  ['1000000000000', '壹万亿元整'],
  ['1000100000000', '壹万零壹亿元整'],
  ['999999999999999.99', '玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
] as const;

const anyAmount = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
  fc.bigInt({ min: 0n, max: 99_999_999n }),
  // Amounts full of zeros, where the rules are.
  fc
    .array(fc.constantFrom('0', '0', '0', '1', '9'), { minLength: 1, maxLength: 18 })
    .map((digits) => BigInt(digits.join(''))),
);

const DIGIT_VALUES: Readonly<Record<string, bigint>> = Object.fromEntries(
  [...'零壹贰叁肆伍陆柒捌玖'].map((digit, value) => [digit, BigInt(value)]),
);
const PLACE_VALUES: Readonly<Record<string, bigint>> = { 拾: 10n, 佰: 100n, 仟: 1_000n };

/** Reads capitals the way a teller does, left to right; knows nothing of how they were written. */
function readCapitals(text: string): bigint {
  let fenTotal = 0n;
  let hundredMillions = 0n;
  let tenThousands = 0n;
  let section = 0n;
  let digit = 0n;
  for (const sign of text) {
    if (sign in DIGIT_VALUES) digit = DIGIT_VALUES[sign] ?? 0n;
    else if (sign in PLACE_VALUES) section += take() * (PLACE_VALUES[sign] ?? 0n);
    else if (sign === '万') tenThousands += takeSection() * 10_000n;
    else if (sign === '亿') {
      hundredMillions = (tenThousands + takeSection()) * 100_000_000n;
      tenThousands = 0n;
    } else if (sign === '元') fenTotal += (hundredMillions + tenThousands + takeSection()) * 100n;
    else if (sign === '角') fenTotal += take() * 10n;
    else if (sign === '分') fenTotal += take();
    else if (sign !== '整') throw new Error(`"${sign}" is no sign of an amount.`);
  }
  return fenTotal;

  function take(): bigint {
    const value = digit;
    digit = 0n;
    return value;
  }
  function takeSection(): bigint {
    const value = section + take();
    section = 0n;
    return value;
  }
}

describe('chineseCapitals', () => {
  it.each([...PUBLISHED, ...DERIVED])('writes ¥%s as %s', (amount, capitals) => {
    expect(chineseCapitals(parseDecimal(amount, CNY))).toBe(capitals);
  });

  it('is read back by an independent reader', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        expect(readCapitals(chineseCapitals(money(CNY, amount)))).toBe(amount);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never doubles a zero, never writes one before a unit, and ends in 整 exactly when the amount is whole yuan', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        const capitals = chineseCapitals(money(CNY, amount));
        if (amount > 0n) expect(capitals).not.toMatch(/零零|零[拾佰仟万亿元角分整]|^零/);
        expect(capitals.endsWith('整')).toBe(amount % 100n === 0n);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['INVALID_AMOUNT', money(CNY, -1n)],
    ['INVALID_AMOUNT', money(CNY, 10n ** 18n)],
    ['INVALID_ASSET', money('JPY/0', 1n)],
  ] as const)('refuses with %s', (code, value) => {
    expect(() => chineseCapitals(value)).toThrow(expect.objectContaining({ code }));
  });
});
