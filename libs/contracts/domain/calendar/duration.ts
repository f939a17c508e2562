import { InvalidInputError } from '#libs/kernel/errors/index.js';
import type { Duration } from './types.js';

const WORKING_DAYS = /^(\d{1,4})WD$/;
const ISO_8601 =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;
/** Longest times: a hundred years, or four years of working days. */
const MOST_MONTHS = 1_200;
const MOST_DAYS = 36_600;
const MOST_MS = MOST_DAYS * 86_400_000;
const MOST_WORKING_DAYS = 1_000;

/**
 * Reads an ISO 8601 duration (`P3D`, `PT48H`, `P1Y2M`, `P2W`; whole numbers, no sign) or working days (`3WD`).
 *
 * @throws InvalidInputError `INVALID_DURATION`, also above a hundred years
 */
export function parseDuration(text: string): Duration {
  const working = WORKING_DAYS.exec(text);
  if (working) {
    const days = Number(working[1]);
    if (days <= MOST_WORKING_DAYS) return { kind: 'workingDays', days };
  }
  const match = ISO_8601.exec(text);
  if (match) {
    const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((n) => Number(n ?? 0));
    const duration = {
      kind: 'elapsed',
      months: years! * 12 + months!,
      days: weeks! * 7 + days!,
      ms: ((hours! * 60 + minutes!) * 60 + seconds!) * 1_000,
    } as const;
    if (duration.months <= MOST_MONTHS && duration.days <= MOST_DAYS && duration.ms <= MOST_MS)
      return duration;
  }
  throw new InvalidInputError(
    'INVALID_DURATION',
    'A duration is written as P3D, PT48H or P1M (ISO 8601), or as 3WD for working days; at most a hundred years.',
  );
}

export function isZero(duration: Duration): boolean {
  return duration.kind === 'workingDays'
    ? duration.days === 0
    : duration.months === 0 && duration.days === 0 && duration.ms === 0;
}

/**
 * How the lengths of two durations compare where every calendar agrees; undefined where it depends on the calendar (a month
 * against 30 days, working days against days).
 */
export function compareDurations(one: Duration, other: Duration): number | undefined {
  if (one.kind === 'workingDays' && other.kind === 'workingDays') return Math.sign(one.days - other.days);
  if (isZero(one) && isZero(other)) return 0;
  const [a, b] = [spanOf(one), spanOf(other)];
  if (a.months !== undefined && a.months === b.months) return Math.sign(a.restMs! - b.restMs!);
  if (a.most < b.least) return -1;
  return a.least > b.most ? 1 : undefined;
}

/** The shortest that a duration can be in any calendar, in milliseconds. */
export function shortestMs(duration: Duration): number {
  return spanOf(duration).least;
}

const DAY_MS = 86_400_000;

/** Bounds of a duration; a month has 28 to 31 days. */
function spanOf(duration: Duration): {
  readonly least: number;
  readonly most: number;
  readonly months?: number;
  readonly restMs?: number;
} {
  if (duration.kind === 'workingDays') {
    // Upwards working days know no bound but that of the longest holidays.
    return { least: duration.days * DAY_MS, most: duration.days === 0 ? 0 : Infinity };
  }
  const { months, days, ms } = duration;
  const restMs = days * DAY_MS + ms;
  return { least: months * 28 * DAY_MS + restMs, most: months * 31 * DAY_MS + restMs, months, restMs };
}
