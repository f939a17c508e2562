/** The bank's business day. */
const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;

/** `2026-09-30`; days from today, before zero in the past. */
export function dayFromToday(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toLocaleDateString('sv-SE', { timeZone: ZONE });
}

/** The next day of the month `dayOfMonth`, today included. */
export function nextDayOfMonth(dayOfMonth: number): string {
  for (let days = 0; ; days += 1) {
    const day = dayFromToday(days);
    if (Number(day.slice(8)) === dayOfMonth) return day;
  }
}

export function momentIn(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
