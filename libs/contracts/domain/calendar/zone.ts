import { InvalidInputError } from '#libs/kernel/errors/index.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** China has known no summer time since 1991 (IANA tz, zone Asia/Shanghai): eight hours, without asking the tables. */
const SHANGHAI = 'Asia/Shanghai';
const SHANGHAI_FIXED_FROM_MS = Date.UTC(1992, 0, 1);

const formatters = new Map<string, Intl.DateTimeFormat>();

/** @throws InvalidInputError `INVALID_ZONE` for a name that IANA's tables do not have */
export function assertZone(zone: string): void {
  formatterOf(zone);
}

/** Wall-clock time of a zone, as the milliseconds that UTC would show it at. */
export function toLocalMs(epochMs: number, zone: string): number {
  return epochMs + offsetMs(epochMs, zone);
}

/** A time of day that summer time skips is as much later as the clocks were put on; of one that comes twice the first counts. */
export function fromLocalMs(localMs: number, zone: string): number {
  if (zone === SHANGHAI && localMs >= SHANGHAI_FIXED_FROM_MS + DAY_MS) return localMs - 8 * HOUR_MS;
  const before = offsetMs(localMs - DAY_MS, zone);
  const after = offsetMs(localMs + DAY_MS, zone);
  const fitting = [localMs - before, localMs - after].filter(
    (epochMs) => toLocalMs(epochMs, zone) === localMs,
  );
  return fitting.length > 0 ? Math.min(...fitting) : localMs - before;
}

function offsetMs(epochMs: number, zone: string): number {
  if (zone === SHANGHAI && epochMs >= SHANGHAI_FIXED_FROM_MS) return 8 * HOUR_MS;
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const shown = Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
  return shown - Math.floor(epochMs / 1_000) * 1_000;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    const form = { hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', timeZone: zone } as const;
    try {
      formatter = new Intl.DateTimeFormat('en-US', { ...form, ...time });
    } catch {
      throw new InvalidInputError(
        'INVALID_ZONE',
        'A zone is named as in the IANA tables, such as Asia/Shanghai.',
      );
    }
    formatters.set(zone, formatter);
  }
  return formatter;
}
