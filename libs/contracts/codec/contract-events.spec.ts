import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { contractHistory } from '#libs/testing/contract-samples.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { contractDecider, totalsOf } from '../domain/release-contract/index.js';
import { contractEvents } from './contract-events.js';

goldenSamples(contractEvents, {
  fold: (event) => event.type === 'ContractDrafted' && fold(contractDecider, [event]),
});

describe('a template', () => {
  const drafted = () => {
    const [first] = contractHistory('course');
    if (first?.type !== 'ContractDrafted') throw new Error('No history begins otherwise.');
    return first.data;
  };

  it('is one object for all contracts that have it, and never another with its hash', () => {
    const { template, ...rest } = drafted();
    expect(drafted().template).toBe(template);
    const { encode, decode } = contractEvents.types.ContractDrafted;
    const forged = { ...rest, template: { ...template, version: '6.6.6' } };
    expect(decode(encode(forged))).toEqual(forged);
    expect(drafted().template).toBe(template);
  });
});

describe('the samples', () => {
  it.each([
    ['course' as const, 36, 'completed', { funded: 120_000n, released: 22_000n, refunded: 98_000n }],
    ['voucher' as const, 9, 'expired', { funded: 3_000n, released: 2_000n, refunded: 1_000n }],
  ])('of the %s fold as one history', (name, count, status, figures) => {
    const events = contractHistory(name);
    expect(events.map(({ data }) => data.seq)).toEqual(Array.from({ length: count }, (_, seq) => seq));
    const state = fold(contractDecider, events);
    if (state.status === 'absent') throw new Error('Nothing was folded.');
    const totals = { ...figures, held: 0n, frozen: 0n };
    expect({ status: state.status, totals: totalsOf(state) }).toEqual({ status, totals });
    // What every event says is what the fold says after it.
    for (let seq = 0; seq < count; seq += 1) {
      const so = fold(contractDecider, events.slice(0, seq + 1));
      if (so.status === 'absent') throw new Error('Nothing was folded.');
      const said = events[seq]!.data;
      expect({ seq, status: so.status, totals: totalsOf(so) }).toEqual({
        seq,
        status: said.status,
        totals: said.totals,
      });
    }
  });

  it('show every type of event', () => {
    const shown = new Set(
      [...contractHistory('course'), ...contractHistory('voucher')].map(({ type }) => type),
    );
    expect([...shown].toSorted()).toEqual(Object.keys(contractEvents.types).toSorted());
  });
});
