import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMs,
  daysBetween,
  epochMsOf,
  instantFromEpochMs,
  localDateOf,
  parseInstant,
  parseLocalDate,
} from './index.js';

const epochMs = fc.integer({
  min: Date.parse('0000-01-01T00:00:00.000Z'),
  max: Date.parse('9999-12-31T23:59:59.999Z'),
});

describe('instants', () => {
  it.each([
    ['2026-09-01T08:00:00Z', '2026-09-01T08:00:00.000Z'],
    ['2026-09-01T08:00:00+08:00', '2026-09-01T00:00:00.000Z'],
    ['2026-09-01T00:00:00.1-00:30', '2026-09-01T00:30:00.100Z'],
    ['2026-09-01T00:00:00.123999999Z', '2026-09-01T00:00:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '',
    '2026-09-01',
    '2026-09-01T08:00:00',
    '2026-09-01 08:00:00Z',
    '2026-09-01T08:00Z',
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '0000-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
    '２026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
  ])('refuses %j', (text) => {
    expect(() => parseInstant(text)).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_DATETIME' }),
    );
  });

  it('round-trip, and sort as text as they sort in time', () => {
    fc.assert(
      fc.property(epochMs, epochMs, (a, b) => {
        const [left, right] = [instantFromEpochMs(a), instantFromEpochMs(b)];
        expect(epochMsOf(left)).toBe(a);
        expect(parseInstant(left)).toBe(left);
        expect(left < right).toBe(a < b);
        expect(addMs(left, b - a)).toBe(right);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15])('refuses %d ms', (ms) => {
    expect(() => instantFromEpochMs(ms)).toThrow(expect.objectContaining({ code: 'INVALID_DATETIME' }));
  });
});

describe('calendar days', () => {
  it.each(['2026-09-01', '2024-02-29', '0001-01-01', '9999-12-31'])('reads %s', (text) => {
    expect(parseLocalDate(text)).toBe(text);
  });

  it.each([
    '',
    '2026-9-1',
    '2026-02-29',
    '2026-02-30',
    '2026-00-10',
    '2026-01-00',
    '2026/09/01',
    '2026-09-01 ',
    '20260901',
    '２026-09-01',
  ])('refuses %j', (text) => {
    expect(() => parseLocalDate(text)).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_DATE' }),
    );
  });

  it('turn over at midnight of the zone, Asia/Shanghai unless another is named', () => {
    expect(localDateOf(parseInstant('2026-08-31T15:59:59.999Z'))).toBe('2026-08-31');
    expect(localDateOf(parseInstant('2026-08-31T16:00:00Z'))).toBe('2026-09-01');
    expect(localDateOf(parseInstant('2026-08-31T16:00:00Z'), 'UTC')).toBe('2026-08-31');
  });

  it('count over months, leap days and years', () => {
    expect(addDays(parseLocalDate('2026-01-31'), 1)).toBe('2026-02-01');
    expect(addDays(parseLocalDate('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(parseLocalDate('2026-03-01'), -1)).toBe('2026-02-28');
    expect(addDays(parseLocalDate('2026-12-31'), 366)).toBe('2028-01-01');
    expect(() => addDays(parseLocalDate('9999-12-31'), 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_DATETIME' }),
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
        fc.integer({ min: -20_000, max: 20_000 }),
        (date, days) => {
          const day = parseLocalDate(date.toISOString().slice(0, 10));
          expect(addDays(addDays(day, days), -days)).toBe(day);
          expect(Date.parse(addDays(day, days)) - Date.parse(day)).toBe(days * 86_400_000);
          expect(daysBetween(day, addDays(day, days))).toBe(days);
        },
      ),
    );
  });
});
