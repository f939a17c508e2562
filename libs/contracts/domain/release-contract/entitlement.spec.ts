import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import {
  linearEntitlement,
  meteredEntitlement,
  NO_BASE,
  perUnitEntitlement,
  stepAfter,
  stepEnd,
  trancheEntitlement,
} from './entitlement.js';
import { at, compareDecimals, parseMinorUnits, parseReading, priceOf } from './values.js';

const START = parseInstant('2026-01-31T00:00:00Z');
const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const count = fc.integer({ min: 1, max: 10_000 });

describe('entitlement', () => {
  it('per unit: never falls, never above, whole at the end, by less than one off the straight line', () => {
    fc.assert(
      fc.property(amount, count, fc.nat(), (total, units, pick) => {
        const terms = { kind: 'perUnit', total, units: BigInt(units) } as const;
        const n = 1 + (pick % units);
        const e = perUnitEntitlement(terms, NO_BASE, n);
        expect(e).toBe((total * BigInt(n)) / BigInt(units));
        expect(e).toBeGreaterThanOrEqual(perUnitEntitlement(terms, NO_BASE, n - 1));
        expect(perUnitEntitlement(terms, NO_BASE, units)).toBe(total);
        // After an amendment at n the rest is spread over the rest.
        const base = { entitled: e, accruals: n, reading: null, at: null };
        const more = { kind: 'perUnit', total: total + 7n, units: BigInt(units) + 3n } as const;
        expect(perUnitEntitlement(more, base, n)).toBe(e);
        expect(perUnitEntitlement(more, base, units + 3)).toBe(total + 7n);
      }),
    );
  });

  it('tranches: sums', () => {
    expect([0, 1, 2, 3].map((n) => trancheEntitlement([5n, 7n, 9n], NO_BASE, n))).toEqual([0n, 5n, 12n, 21n]);
    const base = { entitled: 5n, accruals: 1, reading: null, at: null };
    expect(trancheEntitlement([1n, 70n], base, 2)).toBe(75n);
  });

  it('linear: never falls, never above, whole at the end, nothing before cliff and start', () => {
    const end = addMs(START, 10_000);
    const terms = {
      kind: 'linear',
      total: 999n,
      start: START,
      end,
      cliff: addMs(START, 3_000),
      step: null,
    } as const;
    const of = (ms: number) => linearEntitlement(terms, NO_BASE, addMs(START, ms));
    expect([-1, 0, 2_999, 3_000, 3_001, 9_999, 10_000, 10_001].map(of)).toEqual([
      0n,
      0n,
      0n,
      299n,
      299n,
      998n,
      999n,
      999n,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 9_999 }), (from, ms) => {
        const base = { entitled: of(from), accruals: 1, reading: null, at: addMs(START, from) };
        const later = linearEntitlement({ ...terms, cliff: null, total: 1_500n }, base, addMs(START, ms));
        expect(later).toBeGreaterThanOrEqual(base.entitled);
        expect(later).toBeLessThanOrEqual(1_500n);
      }),
    );
  });

  it('metered: the sum of parts is the price of the whole', () => {
    const tariff = { numerator: 53n, denominator: 7n };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 9 }),
        (used) => {
          const readings = used
            .map(([digits, scale]) => ({ digits: BigInt(digits), scale }))
            .toSorted(compareDecimals);
          const last = readings.at(-1)!;
          const whole = (last.digits * 53n) / (7n * 10n ** BigInt(last.scale));
          expect(meteredEntitlement(tariff, NO_BASE, last)).toBe(whole);
          expect(priceOf(last, last, tariff)).toBe(0n);
          const base = { entitled: 11n, accruals: 1, reading: readings[0]!, at: null };
          expect(meteredEntitlement(tariff, base, last)).toBeGreaterThanOrEqual(11n);
        },
      ),
    );
  });

  it('steps: counted from the start, so that the last of a month stays the last; the last one ends with the amount', () => {
    const monthly = {
      kind: 'linear',
      total: 1n,
      start: parseInstant('2026-01-30T16:00:00Z'),
      end: parseInstant('2026-04-10T00:00:00Z'),
      cliff: null,
      step: { kind: 'elapsed', months: 1, days: 0, ms: 0 },
    } as const;
    // Midnight of 31 January, 28 February, 31 March in Shanghai.
    expect([1, 2, 3, 4].map((n) => stepEnd(monthly, n))).toEqual([
      '2026-02-27T16:00:00.000Z',
      '2026-03-30T16:00:00.000Z',
      '2026-04-10T00:00:00.000Z',
      null,
    ]);
    expect(stepAfter(monthly, parseInstant('2026-02-27T16:00:00Z'), { n: 1, shiftMs: 1 })).toEqual({
      n: 2,
      dueAt: '2026-03-30T16:00:00.001Z',
    });
    expect(stepAfter(monthly, monthly.end, { n: 1, shiftMs: 0 })).toBeNull();
    const workdays = { ...monthly, step: { kind: 'workingDays', days: 5 } } as const;
    expect(stepEnd(workdays, 1)).toBe('2026-02-05T16:00:00.000Z');
  });
});

describe('what is read in evidence', () => {
  it('decimals and minor units, exactly', () => {
    expect(parseReading('0012.340')).toEqual({ digits: 12_340n, scale: 3 });
    expect(
      ['', '.5', '5.', '-1', '+1', '1e3', '１', 'NaN', '1'.repeat(16), 5, null, undefined].map(parseReading),
    ).toEqual(Array.from({ length: 12 }, () => null));
    expect(parseMinorUnits('0500')).toBe(500n);
    expect(['1.0', '-1', '', 7].map(parseMinorUnits)).toEqual([null, null, null, null]);
    expect(compareDecimals({ digits: 10n, scale: 1 }, { digits: 1n, scale: 0 })).toBe(0);
    expect(compareDecimals({ digits: 11n, scale: 1 }, { digits: 1n, scale: 0 })).toBe(1);
    expect(compareDecimals({ digits: 9n, scale: 1 }, { digits: 1n, scale: 0 })).toBe(-1);
  });

  it('values at JSON pointers, own members alone', () => {
    const payload = { a: { 'b/c': { '~': 1 } }, list: ['x', 'y'], '': 'empty' };
    expect(at(payload, '/a/b~1c/~0')).toBe(1);
    expect(at(payload, '/list/1')).toBe('y');
    expect(at(payload, '/')).toBe('empty');
    expect(at(payload, '')).toBe(payload);
    expect(
      ['a', '/a/x', '/a/b~1c/~0/deep', '/toString', '/__proto__'].map((pointer) => at(payload, pointer)),
    ).toEqual(Array.from({ length: 5 }, () => undefined));
  });
});
