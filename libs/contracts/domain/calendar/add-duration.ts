import {
  epochMsOf,
  instantFromEpochMs,
  localDateOf,
  type Instant,
  type LocalDate,
} from '#libs/kernel/time/index.js';
import type { Calendar, Duration } from './types.js';
import { fromLocalMs, toLocalMs } from './zone.js';

const DAY_MS = 86_400_000;

/** Monday to Friday, no holidays, China's zone: where a region has set nothing. */
export const WEEKDAYS: Calendar = {
  region: 'none',
  zone: 'Asia/Shanghai',
  holidays: new Set(),
  workingDays: new Set(),
};

export function isWorkingDay(day: LocalDate, calendar: Calendar): boolean {
  return worksOn(Date.parse(`${day}T00:00:00.000Z`), calendar);
}

/**
 * The moment a duration after another. Months are added first: the same day of the month, or its last where it is shorter
 * (31 January + P1M = 28 February); then days, the time of day being kept in the calendar's zone; then hours and less.
 * Working days end at the same time of day on the nth working day after the day of `instant`, whether that one works or not.
 *
 * @throws InvalidInputError `INVALID_DATETIME` after the year 9999
 */
export function addDuration(instant: Instant, duration: Duration, calendar: Calendar): Instant {
  const epochMs = epochMsOf(instant);
  const { zone } = calendar;
  if (duration.kind === 'workingDays') {
    if (duration.days === 0) return instant;
    return instantFromEpochMs(
      fromLocalMs(addWorkingDays(toLocalMs(epochMs, zone), duration.days, calendar), zone),
    );
  }
  const { months, days, ms } = duration;
  if (months === 0 && days === 0) return instantFromEpochMs(epochMs + ms);
  const localMs = addMonths(toLocalMs(epochMs, zone), months) + days * DAY_MS;
  return instantFromEpochMs(fromLocalMs(localMs, zone) + ms);
}

/** The calendar day of a moment in the calendar's zone. */
export function dayOf(instant: Instant, calendar: Calendar): LocalDate {
  return localDateOf(instant, calendar.zone);
}

function addWorkingDays(localMs: number, days: number, calendar: Calendar): number {
  const timeOfDay = mod(localMs, DAY_MS);
  let dayMs = localMs - timeOfDay;
  // Ends: a calendar names finitely many days off, and weeks have working days.
  for (let left = days; left > 0;) {
    dayMs += DAY_MS;
    if (worksOn(dayMs, calendar)) left -= 1;
  }
  return dayMs + timeOfDay;
}

function worksOn(dayMs: number, { holidays, workingDays }: Calendar): boolean {
  // 1 January 1970 was a Thursday; 0 is Sunday.
  const weekday = mod(Math.floor(dayMs / DAY_MS) + 4, 7);
  const weekend = weekday === 0 || weekday === 6;
  const exceptions = weekend ? workingDays : holidays;
  if (exceptions.size === 0) return !weekend;
  return exceptions.has(new Date(dayMs).toISOString().slice(0, 10) as LocalDate) ? weekend : !weekend;
}

function addMonths(localMs: number, months: number): number {
  if (months === 0) return localMs;
  const timeOfDay = mod(localMs, DAY_MS);
  const date = new Date(localMs - timeOfDay);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 1);
  const day = Math.min(date.getUTCDate(), Math.round((next - first) / DAY_MS));
  return first + (day - 1) * DAY_MS + timeOfDay;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
