import { addMs, epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';

/**
 * A wall clock that can be set back while history is written, so that what the demo did five weeks ago says so. Monotonic
 * time is the machine's throughout: deadlines work as ever. Whoever composes the application for seeding puts this clock
 * into its Runtime and calls `release` before the doors open.
 */
export interface MovableClock extends Clock {
  /** From now on it is this moment, and time goes on from there. */
  moveTo(instant: Instant): void;
  /** Back to the real time, for now: whoever has a clock of their own is asked in the present. */
  moveToPresent(): void;
  /** Back to the real time, for good. */
  release(): void;
}

export function movableClock(real: Clock): MovableClock {
  let offsetMs = 0;
  let released = false;
  return {
    now: () => (offsetMs === 0 ? real.now() : addMs(real.now(), offsetMs)),
    monotonicMs: () => real.monotonicMs(),
    moveTo(instant) {
      if (released) throw new Error('The clock was released: history is closed.');
      offsetMs = epochMsOf(instant) - epochMsOf(real.now());
    },
    moveToPresent() {
      offsetMs = 0;
    },
    release() {
      offsetMs = 0;
      released = true;
    },
  };
}
