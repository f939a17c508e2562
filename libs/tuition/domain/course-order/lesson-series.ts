import { addDays, daysBetween, parseInstant, type Instant, type LocalDate } from '#libs/kernel/time/index.js';

/** Lessons that follow each other week by week. */
export interface LessonSeries {
  readonly firstDate: LocalDate;
  /** 1 Monday … 7 Sunday; none: the weekday of the first date. */
  readonly weekdays: readonly number[];
  /** `HH:MM`, Asia/Shanghai. */
  readonly time: string;
  /** Days without a lesson, such as holidays. */
  readonly except: readonly LocalDate[];
}

/** China has one zone and no summer time. */
const OFFSET = '+08:00';
const LONGEST_SEARCH_DAYS = 800;
const EPOCH = '1970-01-01' as LocalDate;

/**
 * The next `count` lesson times of a series. Fewer when its days run out within 800 days, as where every weekday is excepted.
 *
 * @throws InvalidInputError `INVALID_DATETIME` for a time of day that does not exist
 */
export function lessonSeries(series: LessonSeries, count: number): readonly Instant[] {
  const { firstDate, time } = series;
  const weekdays = new Set(series.weekdays.length > 0 ? series.weekdays : [weekdayOf(firstDate)]);
  const except = new Set(series.except);
  const times: Instant[] = [];
  for (let day = 0; times.length < count && day < LONGEST_SEARCH_DAYS; day += 1) {
    const date = addDays(firstDate, day);
    if (!weekdays.has(weekdayOf(date)) || except.has(date)) continue;
    times.push(parseInstant(`${date}T${time}:00${OFFSET}`));
  }
  return times;
}

/** 1 Monday … 7 Sunday. 1 January 1970 was a Thursday. */
function weekdayOf(date: LocalDate): number {
  const days = daysBetween(EPOCH, date);
  return ((((days + 3) % 7) + 7) % 7) + 1;
}
