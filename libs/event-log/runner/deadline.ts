import type { Timers } from '#libs/runtime/port/index.js';
import { CommandTimedOut } from './types.js';

/** The work's outcome, or `CommandTimedOut` once the time is over; the work itself is left to end by itself, unheard. */
export function withinDeadline<Value>(
  timers: Timers,
  remainingMs: number,
  work: Promise<Value>,
  /** What is known then. */
  late: string,
): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const cancel = timers.after(Math.max(0, remainingMs), () => {
      reject(new CommandTimedOut(late));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
