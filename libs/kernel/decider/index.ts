/**
 * The decider: business rules as two pure functions.
 *
 * `decide(command, state)` answers with the events that are now true, or with a rejection.
 * `evolve(state, event)` folds one recorded event into the state.
 *
 * Refused by us → a rejection value, nothing is stored. Refused by the world (a bank declines) → an event.
 * Impossible (a history that `decide` could not have written) → `ImpossibleHistoryError`.
 */
import type { Rejection } from '../errors/index.js';

/** A domain event in its newest shape. The stored name carries the version (`BillIssued.v1`), the domain does not. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

export type Decision<Event, Refusal> =
  | { readonly accepted: true; readonly events: readonly Event[] }
  | { readonly accepted: false; readonly rejection: Refusal };

/**
 * @typeParam Command what is asked; carries its own time, ids and prices
 * @typeParam State   a union of statuses, discriminated by `status`
 * @typeParam Event   what became true
 * @typeParam Refusal the rejections this decider can answer with
 */
export interface Decider<Command, State, Event, Refusal extends Rejection = Rejection> {
  readonly initial: State;
  decide(command: Command, state: State): Decision<Event, Refusal>;
  /** @throws ImpossibleHistoryError when the event cannot follow the state. */
  evolve(state: State, event: Event): State;
}

export function accept<Event>(...events: readonly Event[]): {
  readonly accepted: true;
  readonly events: readonly Event[];
} {
  return { accepted: true, events };
}

export function reject<Refusal>(rejection: Refusal): {
  readonly accepted: false;
  readonly rejection: Refusal;
} {
  return { accepted: false, rejection };
}

export function fold<State, Event>(
  decider: { readonly initial: State; evolve(state: State, event: Event): State },
  events: Iterable<Event>,
): State {
  let state = decider.initial;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
