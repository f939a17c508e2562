import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  epochMsOf,
  instantFromEpochMs,
  parseInstant,
  parseLocalDate,
  type LocalDate,
} from '#libs/kernel/time/index.js';
import { BUILT_IN_REGIONS } from '../region/index.js';
import {
  addDuration,
  assertZone,
  compareDurations,
  dayOf,
  isWorkingDay,
  isZero,
  parseDuration,
  shortestMs,
  WEEKDAYS,
  type Calendar,
} from './index.js';

const china = BUILT_IN_REGIONS.get('CN')!;
const CHINA: Calendar = {
  region: 'CN',
  zone: china.zone,
  holidays: new Set(china.holidays),
  workingDays: new Set(china.workingDays),
};
const BERLIN: Calendar = { ...WEEKDAYS, zone: 'Europe/Berlin' };

function after(instant: string, duration: string, calendar = WEEKDAYS): string {
  return addDuration(parseInstant(instant), parseDuration(duration), calendar);
}

describe('durations', () => {
  it.each([
    ['P3D', { kind: 'elapsed', months: 0, days: 3, ms: 0 }],
    ['PT48H', { kind: 'elapsed', months: 0, days: 0, ms: 172_800_000 }],
    ['P1Y2M2W3DT4H5M6S', { kind: 'elapsed', months: 14, days: 17, ms: 14_706_000 }],
    ['P0D', { kind: 'elapsed', months: 0, days: 0, ms: 0 }],
    ['P100Y', { kind: 'elapsed', months: 1_200, days: 0, ms: 0 }],
    ['3WD', { kind: 'workingDays', days: 3 }],
    ['1000WD', { kind: 'workingDays', days: 1_000 }],
  ])('reads %s', (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '-P1D',
    'P-1D',
    'P1.5D',
    'PT1.5S',
    'P1W3',
    'p1d',
    ' P1D',
    'P1D ',
    'P1D\n',
    '1D',
    'WD',
    '1001WD',
    '3wd',
    'P101Y',
    'P36601D',
    'P99999D',
    'P1D1M',
    '３WD',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INVALID_DURATION' }));
  });

  it('compare where every calendar agrees, and only there', () => {
    const compare = (one: string, other: string) =>
      compareDurations(parseDuration(one), parseDuration(other));
    expect(compare('P1D', 'PT24H')).toBe(0);
    expect(compare('P27D', 'P1M')).toBe(-1);
    expect(compare('P32D', 'P1M')).toBe(1);
    expect(compare('P30D', 'P1M')).toBeUndefined();
    expect(compare('P1M1D', 'P1M')).toBe(1);
    expect(compare('P12M', 'P1Y')).toBe(0);
    expect(compare('3WD', '5WD')).toBe(-1);
    expect(compare('3WD', 'P2D')).toBe(1);
    expect(compare('3WD', 'P10D')).toBeUndefined();
    expect(compare('0WD', 'P0D')).toBe(0);
    expect(isZero(parseDuration('0WD'))).toBe(true);
    expect(shortestMs(parseDuration('P1M'))).toBe(28 * 86_400_000);
  });
});

describe('adding', () => {
  it.each([
    // Months first, clamped to the month's last day, then days, then hours; 16:00 UTC is midnight in Shanghai.
    ['2026-01-30T16:00:00Z', 'P1M', '2026-02-27T16:00:00.000Z'],
    ['2024-01-30T16:00:00Z', 'P1M', '2024-02-28T16:00:00.000Z'],
    ['2026-01-29T16:00:00Z', 'P1M1D', '2026-02-28T16:00:00.000Z'],
    // 15:59 UTC on 31 August is the same day in Shanghai, 16:00 UTC the next.
    ['2026-08-31T15:59:00Z', 'P1M', '2026-09-30T15:59:00.000Z'],
    ['2026-08-31T16:00:00Z', 'P1M', '2026-09-30T16:00:00.000Z'],
    ['2026-12-15T00:00:00Z', 'P14M', '2028-02-15T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2026-09-01T00:00:00Z', 'P3DT1H', '2026-09-04T01:00:00.000Z'],
    ['2026-09-01T00:00:00.001Z', 'PT0S', '2026-09-01T00:00:00.001Z'],
    // Friday and Saturday: the third working day after is Wednesday.
    ['2026-09-04T10:00:00Z', '3WD', '2026-09-09T10:00:00.000Z'],
    ['2026-09-05T10:00:00Z', '3WD', '2026-09-09T10:00:00.000Z'],
    ['2026-09-05T10:00:00Z', '0WD', '2026-09-05T10:00:00.000Z'],
    // Saturday 00:30 in Shanghai, while it is Friday in UTC.
    ['2026-09-04T16:30:00Z', '1WD', '2026-09-06T16:30:00.000Z'],
  ])('to %s %s makes %s', (instant, duration, expected) => {
    expect(after(instant, duration)).toBe(expected);
  });

  it.each([
    // Before the Spring Festival: Saturday 14 and 28 February are worked, 15 to 23 are off.
    ['2026-02-13T02:00:00Z', '1WD', '2026-02-14T02:00:00.000Z'],
    ['2026-02-13T02:00:00Z', '2WD', '2026-02-24T02:00:00.000Z'],
    ['2026-02-26T02:00:00Z', '2WD', '2026-02-28T02:00:00.000Z'],
    // Before National Day.
    ['2026-09-30T02:00:00Z', '3WD', '2026-10-10T02:00:00.000Z'],
    // No data for 2027 yet: Monday to Friday.
    ['2026-12-31T02:00:00Z', '1WD', '2027-01-01T02:00:00.000Z'],
  ])('in China to %s %s makes %s', (instant, duration, expected) => {
    expect(after(instant, duration, CHINA)).toBe(expected);
  });

  it('keeps the time of day over a change of summer time', () => {
    expect(after('2026-03-28T11:00:00Z', 'P1D', BERLIN)).toBe('2026-03-29T10:00:00.000Z');
    expect(after('2026-10-24T10:00:00Z', 'P1D', BERLIN)).toBe('2026-10-25T11:00:00.000Z');
    // 02:30 does not exist on 29 March: as much later as the clocks went on. On 25 October it comes twice: the first.
    expect(after('2026-03-28T01:30:00Z', 'P1D', BERLIN)).toBe('2026-03-29T01:30:00.000Z');
    expect(after('2026-10-24T00:30:00Z', 'P1D', BERLIN)).toBe('2026-10-25T00:30:00.000Z');
    expect(after('2026-03-27T11:00:00Z', '1WD', BERLIN)).toBe('2026-03-30T10:00:00.000Z');
    expect(() => assertZone('Mars/Olympus')).toThrow(expect.objectContaining({ code: 'INVALID_ZONE' }));
  });

  it('is what counting day by day says, in every zone', () => {
    const moments = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) });
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(CHINA, BERLIN, WEEKDAYS),
        (epochMs, days, calendar) => {
          const from = instantFromEpochMs(epochMs);
          const until = addDuration(from, { kind: 'workingDays', days }, calendar);
          // Count the working days between, by the calendar's own days.
          let counted = 0;
          const last = dayOf(until, calendar);
          for (let day = next(dayOf(from, calendar)); day <= last; day = next(day)) {
            if (isWorkingDay(day, calendar)) counted += 1;
          }
          expect(counted).toBe(days);
          expect(isWorkingDay(last, calendar)).toBe(true);
          expect(addDuration(from, { kind: 'workingDays', days: days + 1 }, calendar) > until).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('agrees with the fixed offset of Shanghai', () => {
    // The same zone under another name goes through the tables.
    const tables: Calendar = { ...WEEKDAYS, zone: 'Asia/Taipei' };
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 60 }),
        (epochMs, months, days) => {
          const duration = { kind: 'elapsed', months, days, ms: 5 } as const;
          const from = instantFromEpochMs(epochMs);
          expect(addDuration(from, duration, tables)).toBe(addDuration(from, duration, WEEKDAYS));
          expect(epochMsOf(addDuration(from, duration, WEEKDAYS))).toBeGreaterThan(epochMs);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the calendar of China in 2026', () => {
  it('moves whole weekends and no more', () => {
    for (const day of CHINA.holidays) expect([1, 2, 3, 4, 5]).toContain(new Date(day).getUTCDay());
    for (const day of CHINA.workingDays) expect([0, 6]).toContain(new Date(day).getUTCDay());
    const days = Array.from({ length: 365 }, (_, index) =>
      parseLocalDate(new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)),
    );
    const worked = days.filter((day) => isWorkingDay(day, CHINA));
    // 261 days from Monday to Friday, 19 of them off, six weekend days worked.
    expect(days.filter((day) => isWorkingDay(day, WEEKDAYS))).toHaveLength(261);
    expect(worked).toHaveLength(261 - 19 + 6);
  });
});

function next(day: LocalDate): LocalDate {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10) as LocalDate;
}
