import type { Instant } from '#libs/kernel/time/index.js';
import { accrueLinear, accrueWhatWaits, bringUpToDate } from './accrual.js';
import { resolveByTimeout } from './disputes.js';
import { beginClosing, close, conclude, noticeOver } from './ending.js';
import { stepEnd } from './entitlement.js';
import { heldBy, ruleIndexOf } from './figures.js';
import { impossible } from './impossible.js';
import { giveBack } from './payouts.js';
import { emit, type Scratch } from './scratch.js';
import { nextTimer, readTimerId, type Timer } from './timers.js';

export const CLOCK = { role: 'system', partyId: 'clock' } as const;

/**
 * As much as one `tick` does; the next one goes on. With 16 payees a timer and its payout take some 5 KB, and one append holds 1 MiB.
 * Other commands let everything happen that is due before them.
 */
export const MOST_TIMERS_PER_TICK = 100;

/**
 * Lets everything happen that is due by the command's moment, in order of `dueAt`, in the clock's name. Each timer is recorded with
 * what follows from it; whatever it puts off (a dispute) or brings about counts for those after it.
 */
export function runDueTimers(scratch: Scratch, most = Infinity): void {
  runTimers(scratch, { most, restToo: true });
}

/** What the command has made due. What is more than one decision holds stays due, for the clock. */
export function runTimersMadeDue(scratch: Scratch): void {
  runTimers(scratch, { most: Infinity, restToo: false });
}

function runTimers(
  scratch: Scratch,
  { most, restToo }: { readonly most: number; readonly restToo: boolean },
): void {
  const { by } = scratch;
  scratch.by = CLOCK;
  let before = '';
  for (let count = 0; count < most; count += 1) {
    const timer = nextTimer(scratch.state);
    if (timer === null || timer.dueAt > scratch.at) break;
    const rest = readTimerId(timer.timerId).kind === 'rest';
    // In a tick of its own.
    if (rest && (!restToo || (count > 0 && most < Infinity))) break;
    // Each fires once: a timer that would come round again would never let go.
    if (timer.timerId === before) throw impossible(timer.timerId, 'fires twice');
    before = timer.timerId;
    fire(scratch, timer);
    conclude(scratch);
    if (rest && most < Infinity) break;
  }
  scratch.by = by;
}

function fire(scratch: Scratch, timer: Timer): void {
  const { timerId, dueAt } = timer;
  emit(scratch, 'TimerFired', { timerId, dueAt });
  const name = readTimerId(timerId);
  switch (name.kind) {
    case 'fundBy':
      return notFunded(scratch);
    case 'end':
      return ended(scratch);
    case 'rest':
      // `conclude` goes on with it.
      return;
    case 'dispute':
      return resolveByTimeout(scratch);
    case 'payable':
      return noticeOver(scratch, name.ruleId);
    case 'at':
      return accrueWhatWaits(scratch, ruleIndexOf(scratch.state, name.ruleId));
    case 'step':
      return stepOver(scratch, name.ruleId, name.n);
  }
}

function notFunded(scratch: Scratch): void {
  giveBack(scratch, heldBy(scratch.state), scratch.state.terms.funding.from, 'end');
  close(scratch, 'notFunded');
}

function ended(scratch: Scratch): void {
  bringUpToDate(scratch);
  if (scratch.state.status === 'active') beginClosing(scratch, 'end');
}

function stepOver(scratch: Scratch, ruleId: string, n: number): void {
  const index = ruleIndexOf(scratch.state, ruleId);
  const { amount } = scratch.state.terms.rules[index]!;
  const moment: Instant | null = amount.kind === 'linear' ? stepEnd(amount, n) : null;
  if (moment !== null) accrueLinear(scratch, index, moment);
}
