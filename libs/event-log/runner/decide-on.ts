import type { Decision, DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { AnyDecider } from './stream-slot.js';
import type { RunResult } from './types.js';

export type AnyResult = RunResult<unknown, DomainEvent, Rejection>;

export interface Decided {
  readonly decision: Decision<DomainEvent, Rejection>;
  /** After the decided events. Folded before they are stored: what cannot be folded must never be stored. */
  readonly state: unknown;
}

export function decideOn(decider: AnyDecider, command: unknown, before: unknown): Decided {
  const decision = decider.decide(command, before);
  let state = before;
  if (decision.accepted) for (const event of decision.events) state = decider.evolve(state, event);
  return { decision, state };
}

/** What is to be stored; `undefined` for a refusal and for an acceptance without events. */
export function newEvents({ decision }: Decided): readonly DomainEvent[] | undefined {
  return decision.accepted && decision.events.length > 0 ? decision.events : undefined;
}

/** The answer to a command that stores nothing. */
export function withoutEvents({ decision, state }: Decided, revision: number): AnyResult {
  return decision.accepted
    ? { accepted: true, events: [], state, revision, replayed: false }
    : { accepted: false, rejection: decision.rejection, state };
}
