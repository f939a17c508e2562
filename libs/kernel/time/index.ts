import { InvalidInputError } from '../errors/index.js';

/**
 * A moment in UTC as RFC 3339 with milliseconds and `Z` (`2026-09-01T00:00:00.000Z`).
 * The width is fixed, so that string order is time order.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** A calendar day, `YYYY-MM-DD`, without a zone. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

const RFC3339 = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const DAY_MS = 86_400_000;

/**
 * Digits after the millisecond are cut off.
 *
 * @throws InvalidInputError `INVALID_DATETIME` for a malformed or non-existent moment (30 February, 24:00, a leap second)
 */
export function parseInstant(text: string): Instant {
  if (!RFC3339.test(text) || !dayExists(text.slice(0, 10))) {
    throw new InvalidInputError(
      'INVALID_DATETIME',
      'A date-time is written as RFC 3339, such as 2026-09-01T08:00:00Z.',
    );
  }
  return instantFromEpochMs(Date.parse(text));
}

/** @throws InvalidInputError `INVALID_DATETIME` outside the years 0000 to 9999, where the width would no longer be fixed */
export function instantFromEpochMs(epochMs: number): Instant {
  if (!(epochMs >= FIRST_MS && epochMs <= LAST_MS)) {
    throw new InvalidInputError(
      'INVALID_DATETIME',
      `${epochMs} ms is not a moment of the years 0000 to 9999.`,
    );
  }
  return new Date(epochMs).toISOString() as Instant;
}

export function epochMsOf(instant: Instant): number {
  return Date.parse(instant);
}

export function addMs(instant: Instant, durationMs: number): Instant {
  return instantFromEpochMs(epochMsOf(instant) + durationMs);
}

/** @throws InvalidInputError `INVALID_DATE` for a malformed or non-existent day (2026-02-30). */
export function parseLocalDate(text: string): LocalDate {
  if (LOCAL_DATE.test(text) && dayExists(text)) return text as LocalDate;
  throw new InvalidInputError('INVALID_DATE', 'A calendar day is written as 2026-09-01 and must exist.');
}

/** `Date` turns 30 February into 2 March instead of refusing it. */
function dayExists(day: string): boolean {
  const epochMs = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(day);
}

const dayFormatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in an IANA zone. Tenants default to Asia/Shanghai. */
export function localDateOf(instant: Instant, zone = 'Asia/Shanghai'): LocalDate {
  let formatter = dayFormatters.get(zone);
  if (!formatter) {
    // en-CA writes ISO order (YYYY-MM-DD).
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormatters.set(zone, formatter);
  }
  return formatter.format(new Date(instant)) as LocalDate;
}

/** @throws InvalidInputError `INVALID_DATETIME` outside the years 0000 to 9999 */
export function addDays(date: LocalDate, days: number): LocalDate {
  return instantFromEpochMs(Date.parse(`${date}T00:00:00.000Z`) + days * DAY_MS).slice(0, 10) as LocalDate;
}

/** How many days after `from` the day `to` is; negative when it is before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / DAY_MS;
}
