import { describe, expect, it } from '@jest/globals';
import type { Decider } from '#libs/kernel/decider/index.js';
import { spec } from './decider-spec.js';
import { tillDecider, type TillCommand, type TillEvent, type TillRefusal, type TillState } from './till.js';

const opened: TillEvent = { type: 'TillOpened', data: { limitFen: 100n } };
const deposit: TillCommand = { kind: 'deposit', amountFen: 60n, note: 'a' };
const deposited: TillEvent = { type: 'CashDeposited', data: { amountFen: 60n, note: 'a' } };

describe('spec', () => {
  it('passes what holds', () => {
    const till = spec(tillDecider);
    till
      .given([opened])
      .when(deposit)
      .then([deposited])
      .andState({ status: 'open', limitFen: 100n, heldFen: 60n, deposits: 1 });
    till.given([opened, deposited]).when(deposit).thenRejected({ code: 'LIMIT_EXCEEDED' });
    till.given([opened]).thenState({ status: 'open', limitFen: 100n, heldFen: 0n, deposits: 0 });
    till.given([deposited]).thenImpossible();
  });

  it('fails on a missing, additional or different event, and on another outcome', () => {
    const outcome = spec(tillDecider).given([opened]).when(deposit);
    expect(() => outcome.then([])).toThrow();
    expect(() => outcome.then([deposited, deposited])).toThrow();
    expect(() =>
      outcome.then([{ ...deposited, data: { amountFen: 61n, note: 'a' } }] as TillEvent[]),
    ).toThrow();
    expect(() => outcome.thenRejected({ code: 'LIMIT_EXCEEDED' })).toThrow();
    expect(() => outcome.then([deposited]).andState({ status: 'absent' })).toThrow();
    const refused = spec(tillDecider).given([]).when(deposit);
    expect(() => refused.then([])).toThrow();
    expect(() => refused.thenRejected({ code: 'TILL_OPEN' })).toThrow();
    expect(() => refused.thenRejected({ code: 'TILL_ABSENT', path: ['input'] })).toThrow();
    expect(() => refused.thenRejected({ code: 'TILL_ABSENT', message: 'other' })).toThrow();
  });

  it('fails a decider that cannot evolve what it decided, or that changes its state in place', () => {
    const forgetful: typeof tillDecider = {
      ...tillDecider,
      evolve: (state, event) => {
        if (event.type === 'CashDeposited') throw new Error('forgotten');
        return tillDecider.evolve(state, event);
      },
    };
    expect(() => spec(forgetful).given([opened]).when(deposit).then([deposited])).toThrow('forgotten');
    const mutating: Decider<TillCommand, TillState, TillEvent, TillRefusal> = {
      ...tillDecider,
      decide: (command, state) => {
        (state as { heldFen: bigint }).heldFen = 0n;
        return tillDecider.decide(command, state);
      },
    };
    expect(() => spec(mutating).given([opened]).when(deposit).then([deposited])).toThrow(TypeError);
  });
});
