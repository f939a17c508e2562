import { expect } from '@jest/globals';
import type { Decider, Decision, DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';

/**
 * Strict given/when/then for deciders:
 *
 *   spec(bill).given([issued]).when(pay).then([paid]);
 *   spec(bill).given([]).when(pay).thenRejected({ code: 'BILL_NOT_FOUND' });
 *
 * Whole outcomes are compared: every event in order with every property (absent and `undefined` differ), and the whole
 * rejection; only its `message` may be left out. The new events are folded too, so that a decision which its own decider
 * cannot evolve fails here and not in production.
 */
export function spec<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
  decider: Decider<Command, State, Event, Refusal>,
): DeciderSpec<Command, State, Event, Refusal> {
  return { given: (events) => given(decider, events) };
}

export interface DeciderSpec<Command, State, Event, Refusal> {
  /** The history so far, oldest first. */
  given(events: readonly Event[]): DeciderGiven<Command, State, Event, Refusal>;
}

export interface DeciderGiven<Command, State, Event, Refusal> {
  when(command: Command): DeciderWhen<State, Event, Refusal>;
  /** The state that the history folds to. */
  thenState(expected: State): void;
  /** The history could not have been written by this decider. */
  thenImpossible(): void;
}

export interface DeciderWhen<State, Event, Refusal> {
  /** Accepted with exactly these events in this order; `[]` means accepted with nothing to say. */
  then(expected: readonly Event[]): DeciderThen<State>;
  /** Rejected with exactly this; `message` is compared only when given. */
  thenRejected(expected: Expected<Refusal>): void;
  /** `decide` throws `ImpossibleHistoryError`. */
  thenImpossible(): void;
}

/** A rejection whose wording need not be repeated. */
export type Expected<Refusal> = Refusal extends Rejection
  ? Omit<Refusal, 'message'> & { readonly message?: string }
  : never;

export interface DeciderThen<State> {
  /** The state after the new events. */
  andState(expected: State): void;
}

function given<Command, State, Event extends DomainEvent, Refusal extends Rejection>(
  decider: Decider<Command, State, Event, Refusal>,
  events: readonly Event[],
): DeciderGiven<Command, State, Event, Refusal> {
  const state = (): State => foldFrozen(decider, decider.initial, events);
  return {
    when(command) {
      const decide = (): Decision<Event, Refusal> => decider.decide(deepFreeze(command), state());
      return {
        then(expected) {
          const before = state();
          const decision = decider.decide(deepFreeze(command), before);
          expect(decision).toStrictEqual({ accepted: true, events: expected });
          const after = foldFrozen(decider, before, expected);
          return { andState: (expectedState) => expect(after).toStrictEqual(expectedState) };
        },
        thenRejected(expected) {
          const decision = decide();
          const message = decision.accepted ? undefined : decision.rejection.message;
          // The wording may change without the decision changing; everything else is compared.
          expect(decision).toStrictEqual({ accepted: false, rejection: { message, ...expected } });
          expect(message).not.toBe('');
        },
        thenImpossible() {
          expect(decide).toThrow(expect.objectContaining({ name: 'ImpossibleHistoryError' }));
        },
      };
    },
    thenState: (expected) => expect(state()).toStrictEqual(expected),
    thenImpossible: () => expect(state).toThrow(expect.objectContaining({ name: 'ImpossibleHistoryError' })),
  };
}

/** Folds with everything frozen: a decider that changes what it was given fails at once. */
function foldFrozen<State, Event>(
  decider: { evolve(state: State, event: Event): State },
  start: State,
  events: readonly Event[],
): State {
  let state = deepFreeze(start);
  for (const event of events) state = deepFreeze(decider.evolve(state, deepFreeze(event)));
  return state;
}

function deepFreeze<Value>(value: Value): Value {
  // A Map or Set cannot be frozen; their contents are left alone.
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
