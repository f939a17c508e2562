import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertNever, ImpossibleHistoryError } from '../errors/index.js';
import { accept, type Decider, type DomainEvent, fold, reject } from './index.js';

type Event = DomainEvent<'Opened', Record<string, never>> | DomainEvent<'Filled', { readonly by: bigint }>;
type State = { readonly status: 'shut' } | { readonly status: 'open'; readonly level: bigint };

/** A gate that opens once and then fills. */
const gate: Decider<
  'open' | { readonly fill: bigint },
  State,
  Event,
  { code: 'SHUT' | 'OPEN'; message: string }
> = {
  initial: { status: 'shut' },
  decide(command, state) {
    if (command === 'open') {
      if (state.status === 'open') return reject({ code: 'OPEN', message: 'It is open.' });
      return accept<Event>({ type: 'Opened', data: {} });
    }
    if (state.status === 'shut') return reject({ code: 'SHUT', message: 'It is shut.' });
    return accept<Event>({ type: 'Filled', data: { by: command.fill } });
  },
  evolve(state, event) {
    switch (event.type) {
      case 'Opened':
        if (state.status === 'open') throw new ImpossibleHistoryError('Opened twice.');
        return { status: 'open', level: 0n };
      case 'Filled':
        if (state.status === 'shut') throw new ImpossibleHistoryError('Filled while shut.');
        return { status: 'open', level: state.level + event.data.by };
      default:
        return assertNever(event, 'event');
    }
  },
};

const opened: Event = { type: 'Opened', data: {} };

describe('decider', () => {
  it('answers with events or with a rejection, never both', () => {
    expect(gate.decide('open', gate.initial)).toEqual({ accepted: true, events: [opened] });
    expect(gate.decide({ fill: 1n }, gate.initial)).toEqual({
      accepted: false,
      rejection: { code: 'SHUT', message: 'It is shut.' },
    });
    expect(accept()).toEqual({ accepted: true, events: [] });
  });

  it('folds a history from the left, starting at the initial state', () => {
    expect(fold(gate, [])).toBe(gate.initial);
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n })), (levels) => {
        const history: Event[] = [opened, ...levels.map((by) => ({ type: 'Filled' as const, data: { by } }))];
        const half = Math.floor(history.length / 2);
        const expected = { status: 'open', level: levels.reduce((sum, by) => sum + by, 0n) };
        expect(fold(gate, history)).toEqual(expected);
        // A fold can be cut anywhere: that is what makes cached states and snapshots safe.
        const cached = fold(gate, history.slice(0, half));
        expect(fold({ ...gate, initial: cached }, history.slice(half))).toEqual(expected);
      }),
    );
  });

  it('throws on a history that no decision could have written', () => {
    expect(() => fold(gate, [opened, opened])).toThrow(ImpossibleHistoryError);
    const foreign = { type: 'Drained', data: { by: 5n } } as unknown as Event;
    expect(() => fold(gate, [opened, foreign])).toThrow(
      new ImpossibleHistoryError('Unexpected event: {"type":"Drained","data":{"by":"5n"}}'),
    );
  });
});
