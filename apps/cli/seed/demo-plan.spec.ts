import { describe, expect, it } from '@jest/globals';
import { addDays, localDateOf, parseInstant } from '#libs/kernel/time/index.js';
import { checkRow, readHeader, type RosterFeeItem } from '#libs/tuition/domain/roster/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { byMoment, type PlannedWave, planDemo, schoolTermOf } from './demo-plan.js';
import { rosterFile } from './roster-file.js';
import { movableClock } from './seed-clock.js';

const now = parseInstant('2026-11-22T09:00:00+08:00');
const plan = planDemo(now, 1);
const [high, primary, training] = plan;
if (!high || !primary || !training) throw new Error('The demo has three schools.');

/** Students who had paid all of the wave by the day, as a part of all. */
function paidBy(wave: PlannedWave, key: string, day: string): number {
  const due = new Set(wave.rows.map(({ student }) => student));
  const paid = high!.payments.filter(({ key: own, at }) => own.startsWith(key) && localDateOf(at) <= day);
  return new Set(paid.map(({ student }) => student)).size / due.size;
}

describe('the demo plan', () => {
  it('has the sizes of the demo, a tenth of them and all of them', () => {
    const sizes = (scale: number) =>
      planDemo(now, scale).map(({ students, waves }) => [
        students.length,
        waves.reduce((sum, { rows }) => sum + rows.length, 0),
        new Set(students.map(({ className }) => className)).size,
      ]);
    expect(sizes(1)).toEqual([
      [180, 540, 12],
      [70, 140, 18],
      [12, 12, 3],
    ]);
    expect(sizes(10)).toEqual([
      [1_800, 5_400, 12],
      [700, 1_400, 18],
      [120, 120, 3],
    ]);
  });

  it('is the same for the same moment, and moves with it', () => {
    expect(planDemo(now, 1)).toEqual(plan);
    const later = planDemo(parseInstant('2027-03-01T09:00:00+08:00'), 1);
    expect(later[0]?.waves[0]?.dueDate).toBe('2027-02-08');
    expect(later[0]?.waves[0]).toMatchObject({ academicYear: '2026-2027', term: '1' });
    expect(later[0]?.waves[1]).toMatchObject({ academicYear: '2026-2027', term: '2' });
  });

  it('is paid to 62 % in the first week and to 85 % by the due date; the rest is overdue', () => {
    const [tuition, dorm] = high.waves;
    if (!tuition || !dorm) throw new Error('The high school has two waves.');
    const issuedOn = localDateOf(tuition.issuedAt);
    expect(paidBy(tuition, 'school-2-0', addDays(issuedOn, 6))).toBeCloseTo(0.62, 1);
    expect(paidBy(tuition, 'school-2-0', tuition.dueDate)).toBeCloseTo(0.85, 2);
    expect(paidBy(tuition, 'school-2-0', localDateOf(now))).toBeCloseTo(0.85, 2);
    expect([tuition.dueDate < localDateOf(now), dorm.dueDate > localDateOf(now)]).toEqual([true, true]);
    const soFar = paidBy(dorm, 'school-2-1', localDateOf(now));
    expect(soFar > 0.3 && soFar < 0.62).toBe(true);
  });

  it('plans nothing in the future, nothing before its bill, no bill twice, and leaves the first student open', () => {
    const seen = new Set<string>();
    for (const { payments, waves, students } of plan) {
      for (const { at, key, bills, student, school } of payments) {
        const wave = waves.find(({ rows }) => rows.some((row) => row.feeItem === bills[0]?.feeItem));
        expect(at < now).toBe(true);
        expect(wave !== undefined && wave.issuedAt < at).toBe(true);
        expect(bills.length > 0 && student !== students[0]).toBe(true);
        for (const { feeItem } of bills)
          seen.add(`${school.organisation.id} ${student.studentNo} ${feeItem}`);
        expect(key).toMatch(/^[\w-]+$/);
      }
    }
    const bills = plan.flatMap(({ payments }) => payments.flatMap(({ bills: own }) => own));
    expect(bills.length).toBe(seen.size);
    const moments = byMoment(high.payments).map(([at]) => at);
    expect(moments).toEqual([...new Set(moments)].sort());
  });

  it('has people who cannot be anybody: check digits are wrong, phones start with 100', () => {
    const students = plan.flatMap((school) => school.students);
    expect(new Set(students.map(({ studentNo }) => studentNo)).size).toBe(students.length);
    for (const { idNumber, phone, name } of students) {
      const sum = Array.from(idNumber.slice(0, 17)).reduce(
        (so, digit, at) => so + Number(digit) * (2 ** (17 - at) % 11),
        0,
      );
      expect(idNumber).toMatch(/^999999\d{11}[\dX]$/);
      expect(idNumber[17]).not.toBe('10X98765432'[sum % 11]);
      expect(phone).toMatch(/^100\d{8}$/);
      expect(name).toMatch(/^学生\d{4}$/);
    }
  });

  it('writes rosters that the import takes without a fault', () => {
    for (const { school, waves } of planDemo(now, 10)) {
      const feeItems = new Map(
        school.feeItems.map(({ code, name }): [string, RosterFeeItem] => [
          code,
          { id: asId<'feeItem'>(code), code, name, retired: false },
        ]),
      );
      for (const wave of waves) {
        const [header = '', ...rows] = Buffer.from(rosterFile(wave)).toString('utf8').trimEnd().split('\n');
        const setting = { header: readHeader(1, header.split(',')), feeItems };
        const verdicts = rows.map((row, index) => checkRow(index + 2, row.split(','), setting));
        expect(setting.header).toMatchObject({ missing: [], repeated: [], unknown: [] });
        expect(verdicts.filter((verdict) => !verdict.right)).toEqual([]);
        expect(verdicts.every((verdict) => verdict.right && verdict.roster.checkDigitWrong)).toBe(true);
      }
    }
  });
});

describe('schoolTermOf', () => {
  it.each([
    ['2026-07-31', '2025-2026', '2'],
    ['2026-08-01', '2026-2027', '1'],
    ['2026-12-31', '2026-2027', '1'],
    ['2027-01-31', '2026-2027', '1'],
    ['2027-02-01', '2026-2027', '2'],
  ])('%s is in %s, term %s', (day, academicYear, term) => {
    expect(schoolTermOf(day as never)).toEqual({ academicYear, term });
  });
});

describe('movableClock', () => {
  it('is set back, goes on from there, and is released for good', async () => {
    const real = manualRuntime({ start: '2026-11-22T00:00:00.000Z' });
    const clock = movableClock(real.clock);
    expect(clock.now()).toBe('2026-11-22T00:00:00.000Z');
    clock.moveTo(parseInstant('2026-10-01T00:00:00Z'));
    await real.advance(1_500);
    expect([clock.now(), clock.monotonicMs()]).toEqual(['2026-10-01T00:00:01.500Z', 1_500]);
    clock.moveToPresent();
    expect(clock.now()).toBe('2026-11-22T00:00:01.500Z');
    clock.moveTo(parseInstant('2026-10-01T00:00:00Z'));
    clock.release();
    expect(clock.now()).toBe('2026-11-22T00:00:01.500Z');
    expect(() => clock.moveTo(parseInstant('2026-10-01T00:00:00Z'))).toThrow('history is closed');
  });
});
