import { describe, expect, it } from '@jest/globals';
import { attest } from './cases/contracts/attest.js';
import { massRefund } from './cases/contracts/mass-refund.js';
import { rules } from './cases/contracts/rules.js';
import { releaseIn } from './load/released.js';
import type { BenchOptions } from './row.js';

const quick: BenchOptions = { runs: 1, quick: true, log: () => undefined };

describe('release contracts', () => {
  it('takes only a contract in force that has released something for a release', () => {
    const answer = (attestContract: unknown): string => JSON.stringify({ data: { attestContract } });
    const contract = {
      __typename: 'ReleaseContract',
      id: 'c',
      status: 'ACTIVE',
      released: { amount: '100.00' },
    };
    expect(releaseIn(answer(contract))).toBe('c 100.00');
    for (const other of [
      { ...contract, released: { amount: '0.00' } },
      { ...contract, released: undefined },
      { ...contract, status: 'FROZEN' },
      { ...contract, id: undefined },
      { __typename: 'BadSignature', code: 'BAD_SIGNATURE' },
    ])
      expect(releaseIn(answer(other))).toBeUndefined();
    expect(releaseIn('{"errors":[{"message":"no"}]}')).toBeUndefined();
    expect(releaseIn('<html>')).toBeUndefined();
  });

  it('rules: decisions and simulations', async () => {
    const rows = await rules(quick);
    expect(rows.map(({ name, unit }) => `${name} / ${unit}`)).toEqual([
      'decisions, 24 units / decisions/s',
      'decisions, 5,000 units / decisions/s',
      'decisions, 5,000 units in notice, confirmed / decisions/s',
      'processor time per decision, 24 units / µs',
      'processor time per decision, 5,000 units / µs',
      'processor time per decision, 5,000 units in notice, confirmed / µs',
      'simulate 1,000 days, a lesson a day / ms',
      'simulate 1,000 days, processor time / ms',
    ]);
    expect(rows.filter(({ unit }) => unit !== 'µs').every(({ median }) => median > 0)).toBe(true);
  }, 30_000);

  it('attest: every piece of evidence releases', async () => {
    const rows = await attest(quick);
    expect(rows.map(({ unit }) => unit)).toEqual([
      ...Array.from({ length: 4 }, () => 'releases/s'),
      ...Array.from({ length: 4 }, () => 'µs'),
      'ms',
    ]);
    expect(rows.every(({ ratio }) => Number.isFinite(ratio))).toBe(true);
  }, 60_000);

  it('mass refund: every contract gives everything back, and the report is written', async () => {
    const rows = await massRefund(quick);
    expect(rows.map(({ unit }) => unit)).toEqual(['ms', 'ms', 'ms', 'ms', 'µs', 'µs']);
    expect(rows.every(({ ratio }) => Number.isFinite(ratio))).toBe(true);
  }, 60_000);
});
