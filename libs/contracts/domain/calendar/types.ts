import type { LocalDate } from '#libs/kernel/time/index.js';

/** Working days of a region. Days not named are working days from Monday to Friday. */
export interface Calendar {
  readonly region: string;
  /** IANA zone in which days begin and end. */
  readonly zone: string;
  /** Days off beside Saturdays and Sundays. */
  readonly holidays: ReadonlySet<LocalDate>;
  /** Saturdays and Sundays on which people work. */
  readonly workingDays: ReadonlySet<LocalDate>;
}

/** ISO 8601 durations add months first, then days (both in the calendar's zone), then milliseconds. */
export type Duration =
  | { readonly kind: 'elapsed'; readonly months: number; readonly days: number; readonly ms: number }
  /** Ends at the same time of day on the nth working day after. */
  | { readonly kind: 'workingDays'; readonly days: number };
