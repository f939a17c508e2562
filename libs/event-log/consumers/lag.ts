import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';

/** How far a consumer is behind: the age of the oldest event that it has been given and not finished. */
export function ageMs(clock: Pick<Clock, 'now'>, recordedAt: string | undefined): number {
  if (recordedAt === undefined) return 0;
  return Math.max(0, epochMsOf(clock.now()) - epochMsOf(recordedAt as Instant));
}
