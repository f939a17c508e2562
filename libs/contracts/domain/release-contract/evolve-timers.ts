import type { Bare } from './bare-event.js';
import { ruleIndexOf } from './figures.js';
import { stepAfter } from './entitlement.js';
import { madePayable } from './evolve-units.js';
import { impossible } from './impossible.js';
import type { Contract, RuleBook } from './state.js';
import { readTimerId } from './timers.js';
import { withBook } from './units.js';

/** That the clock has come to it; what follows from it are events of their own. */
export function timerFired(state: Contract, { timerId, dueAt }: Bare<'TimerFired'>): Contract {
  const timer = readTimerId(timerId);
  switch (timer.kind) {
    case 'fundBy':
      return { ...state, fundByFired: true };
    case 'end':
      return { ...state, endFired: true };
    case 'rest':
      return state;
    case 'dispute': {
      const { dispute } = state;
      if (dispute === null) throw impossible('TimerFired', 'for a dispute that is over');
      return { ...state, dispute: { ...dispute, expired: true } };
    }
    case 'payable':
      return madePayable(state, timer, dueAt);
    case 'at':
      return changeBook(state, timer.ruleId, ({ moments }) => ({
        moments: moments.map((moment, nth) => (nth === timer.nth ? { ...moment, fired: true } : moment)),
      }));
    case 'step':
      return stepped(state, timer.ruleId);
  }
}

function stepped(state: Contract, ruleId: string): Contract {
  const { amount } = state.terms.rules[ruleIndexOf(state, ruleId)]!;
  return changeBook(state, ruleId, ({ step, shiftMs }) => {
    if (step === null || amount.kind !== 'linear')
      throw impossible('TimerFired', 'for a step that there is not');
    return { step: stepAfter(amount, null, { n: step.n + 1, shiftMs }) };
  });
}

function changeBook(
  state: Contract,
  ruleId: string,
  change: (book: RuleBook) => Partial<RuleBook>,
): Contract {
  const index = ruleIndexOf(state, ruleId);
  const book = state.rules[index];
  if (!book) throw impossible('TimerFired', 'for a rule that there is not');
  return withBook(state, index, change(book));
}
