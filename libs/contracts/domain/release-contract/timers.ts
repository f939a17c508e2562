import { first } from '#libs/kernel/collections/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { gateIsOpen } from './facts.js';
import { hasMoreToWaive, ruleStandsStill } from './figures.js';
import { impossible } from './impossible.js';
import type { Contract } from './state.js';
import { dueOfPlace } from './units.js';

/**
 * What the clock does next. At the same moment: payouts first (by the order in which their units came up), then moments and steps
 * of rules (by the order of the rules), then the dispute, then the end; fundBy stands alone, before the contract is active. What an
 * end has left over goes before everything.
 */
export interface Timer {
  readonly timerId: string;
  readonly dueAt: Instant;
}

export function timerOfUnit(unitKey: string): string {
  return `payable:${unitKey.replace('\n', ':')}`;
}

/** `at:<rule>`, and `at:<rule>:2`, `at:<rule>:3` for its further moments. */
export function timerOfMoment(ruleId: string, index: number): string {
  return index === 0 ? `at:${ruleId}` : `at:${ruleId}:${index + 1}`;
}

export type TimerName =
  /** `rest`, `end:<seq>`: what one decision could not hold of the end is carried on. */
  | { readonly kind: 'fundBy' | 'end' | 'rest' }
  | { readonly kind: 'dispute'; readonly disputeId: string }
  | { readonly kind: 'payable'; readonly ruleId: string; readonly dedupeKey: string }
  | { readonly kind: 'at'; readonly ruleId: string; readonly nth: number }
  | { readonly kind: 'step'; readonly ruleId: string; readonly n: number };

/** Ids of rules hold no colon; keys of units and ids of disputes may. */
export function readTimerId(timerId: string): TimerName {
  if (timerId === 'fundBy' || timerId === 'end') return { kind: timerId };
  const [kind, name, rest] = inThree(timerId);
  switch (kind) {
    case 'end':
      return { kind: 'rest' };
    case 'dispute':
      return { kind, disputeId: timerId.slice('dispute:'.length) };
    case 'payable':
      return { kind, ruleId: name, dedupeKey: rest };
    case 'at':
      return { kind, ruleId: name, nth: rest === '' ? 0 : Number(rest) - 1 };
    case 'step':
      return { kind, ruleId: name, n: Number(rest) };
    default:
      throw impossible('TimerFired', 'for no timer of a release contract');
  }
}

/** Kind, rule, and whatever follows. */
function inThree(timerId: string): readonly [string, string, string] {
  const kindEnds = timerId.indexOf(':');
  const nameEnds = timerId.indexOf(':', kindEnds + 1);
  const kind = timerId.slice(0, kindEnds);
  if (nameEnds < 0) return [kind, timerId.slice(kindEnds + 1), ''];
  return [kind, timerId.slice(kindEnds + 1, nameEnds), timerId.slice(nameEnds + 1)];
}

export function nextDueAt(state: Contract): Instant | null {
  return nextTimer(state)?.dueAt ?? null;
}

export function nextTimer(state: Contract): Timer | null {
  switch (state.status) {
    case 'drafted':
    case 'awaitingFunding':
      // A payment under way is waited for.
      return state.fundByFired || state.reserved.length > 0
        ? null
        : { timerId: 'fundBy', dueAt: state.fundBy };
    case 'active':
      return earlier(
        earlier(earlier(nextPayout(state), nextOfRules(state)), nextOfDispute(state)),
        state.endFired ? null : { timerId: 'end', dueAt: state.endsAt },
      );
    case 'closing':
      if (hasMoreToWaive(state)) return { timerId: `end:${state.seq}`, dueAt: state.at };
      return earlier(nextPayout(state), nextOfDispute(state));
    case 'frozen':
      return nextOfDispute(state);
    case 'completed':
    case 'cancelled':
    case 'refunded':
    case 'expired':
      return null;
    default:
      return assertNever(state.status, 'status');
  }
}

/** The first of two; of the same moment the one named first. */
function earlier(one: Timer | null, other: Timer | null): Timer | null {
  if (one === null || other === null) return one ?? other;
  return other.dueAt < one.dueAt ? other : one;
}

function nextPayout({ cooling }: Contract): Timer | null {
  const next = first(cooling);
  return next ? { timerId: timerOfUnit(next.value), dueAt: dueOfPlace(next.key) } : null;
}

function nextOfDispute({ dispute }: Contract): Timer | null {
  if (dispute === null || dispute.expired) return null;
  return { timerId: `dispute:${dispute.disputeId}`, dueAt: dispute.deadline };
}

function nextOfRules(state: Contract): Timer | null {
  let next: Timer | null = null;
  for (let index = 0; index < state.rules.length; index += 1) {
    const { moments, step, ruleId } = state.rules[index]!;
    if (moments.length === 0 && step === null) continue;
    if (ruleStandsStill(state, ruleId)) continue;
    for (let nth = 0; nth < moments.length; nth += 1) {
      const { fired, dueAt } = moments[nth]!;
      if (!fired) next = earlier(next, { timerId: timerOfMoment(ruleId, nth), dueAt });
    }
    if (step !== null && gateIsOpen(state, index)) {
      next = earlier(next, { timerId: `step:${ruleId}:${step.n}`, dueAt: step.dueAt });
    }
  }
  return next;
}
