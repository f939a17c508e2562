import { addDays, type LocalDate } from '#libs/kernel/time/index.js';
import type { MandateTerms, NextRun } from './messages.js';

/** The first day of paying on or after a day; none after the mandate's last day. */
export function firstRunFrom(
  { dayOfMonth, from, until }: Pick<MandateTerms, 'dayOfMonth' | 'from' | 'until'>,
  day: LocalDate,
): NextRun | null {
  const start = day > from ? day : from;
  const sameMonth = dayIn(start, dayOfMonth);
  const due = sameMonth >= start ? sameMonth : dayIn(nextMonth(start), dayOfMonth);
  return until !== null && due > until ? null : { due, attempt: 0, of: due };
}

/** What follows a run: a retry while one is left, otherwise the next month's first day of paying. */
export function runAfter(terms: MandateTerms, run: NextRun, failed: boolean): NextRun | null {
  const next = firstRunFrom(terms, addDays(run.of, 1));
  const days = terms.retryAfterDays[run.attempt];
  if (!failed || days === undefined) return next;
  const due = addDays(run.of, days);
  // The payer's consent ends with the last day, and a retry never pushes the next month away.
  if (terms.until !== null && due > terms.until) return next;
  if (next !== null && due >= next.due) return next;
  return { due, attempt: run.attempt + 1, of: run.of };
}

function dayIn(month: LocalDate, dayOfMonth: number): LocalDate {
  return `${month.slice(0, 8)}${String(dayOfMonth).padStart(2, '0')}` as LocalDate;
}

/** The first day of the month after. */
function nextMonth(day: LocalDate): LocalDate {
  const later = addDays(`${day.slice(0, 8)}28` as LocalDate, 4);
  return `${later.slice(0, 8)}01` as LocalDate;
}
