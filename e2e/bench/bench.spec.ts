import { describe, expect, it } from '@jest/globals';
import { pay } from './cases/pay.js';
import { start } from './cases/start.js';
import { interleave, samplesOf } from './harness/interleave.js';
import { isPaid } from './load/paid.js';
import { LoadGenerator } from './load/generator.js';
import { rosterCsv } from './load/roster-csv.js';
import { Child } from './process/child.js';
import { type BenchOptions, median, percentile, row } from './row.js';

const quick: BenchOptions = { runs: 1, quick: true, log: () => undefined };

describe('figures', () => {
  it('takes nearest-rank percentiles', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(percentile([1, 2, 3, 4], 99)).toBe(4);
    expect(percentile([], 50)).toBeNaN();
  });

  it('puts a figure beside its baseline', () => {
    const measured = { name: 'm', unit: 'x/s', samples: [10, 30, 20] };
    expect(row(measured, { name: 'b', samples: [40] })).toEqual({
      name: 'm',
      median: 20,
      p99: null,
      unit: 'x/s',
      baselineName: 'b',
      baselineMedian: 40,
      ratio: 0.5,
    });
  });

  it('runs lanes in turn and leaves the warm-up out', async () => {
    const order: string[] = [];
    const lane = (name: string) => ({
      name,
      run: async (round: number) => {
        order.push(`${name}${round}`);
        return { figure: round };
      },
    });
    const samples = await interleave([lane('a'), lane('b')], 2, () => undefined);
    expect(order).toEqual(['a-1', 'b-1', 'a0', 'b0', 'a1', 'b1']);
    expect(samplesOf(samples, 'a figure')).toEqual([0, 1]);
    expect(() => samplesOf(samples, 'c figure')).toThrow('Nothing was measured as "c figure".');
  });
});

describe('load', () => {
  it('takes only a captured payment with a numbered receipt for paid', () => {
    const answer = (payBills: unknown): string => JSON.stringify({ data: { payBills } });
    const receipts = [{ number: '2026-00000001' }];
    expect(isPaid(answer({ __typename: 'Payment', status: 'CAPTURED', receipts }))).toBe(true);
    expect(isPaid(answer({ __typename: 'Payment', status: 'CAPTURED', receipts: [] }))).toBe(false);
    expect(isPaid(answer({ __typename: 'Payment', status: 'CAPTURED', receipts: [{ number: '' }] }))).toBe(
      false,
    );
    expect(isPaid(answer({ __typename: 'Payment', status: 'AUTHORISING', receipts }))).toBe(false);
    expect(isPaid(answer({ __typename: 'BillAlreadyPaid', code: 'BILL_ALREADY_PAID' }))).toBe(false);
    expect(isPaid('{"errors":[{"message":"no"}]}')).toBe(false);
    expect(isPaid('<html>')).toBe(false);
  });

  it('fails the run when an answer is wrong', async () => {
    const generator = new LoadGenerator();
    const server = Child.start('servers/bare-graphql/main.js');
    try {
      const port = await server.ask<number>('port');
      const body = JSON.stringify({ query: '{ wallets { id } }' });
      const order = {
        port,
        path: '/',
        headers: { 'content-type': 'application/json' },
        bodies: [body],
        inFlight: 1,
      };
      await expect(generator.run(order)).rejects.toThrow('1 of 1 answers were wrong');
    } finally {
      await Promise.all([generator.stop(), server.stop()]);
    }
  });

  it('makes a roster of as many rows as asked for', () => {
    const lines = Buffer.from(rosterCsv(3, 1)).toString('utf8').trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(new Set(lines).size).toBe(4);
  });
});

describe('cases', () => {
  it('pay: every lane answers, every answer is checked', async () => {
    const rows = await pay(quick);
    expect(rows.map(({ name, baselineName }) => `${name} / ${baselineName}`)).toEqual([
      'payBills, spread / bare @apollo/server standalone',
      'payBills, spread / bare node:http + graphql-js',
      'payBills, spread / the product with a no-op store',
      'payBills, hot / bare @apollo/server standalone',
      'payBills, hot / bare node:http + graphql-js',
      'payBills, hot / the product with a no-op store',
      'main thread per payment, spread / per request of bare @apollo/server',
      'views behind after the last payment / the run itself',
    ]);
    expect(rows.every((line) => Number.isFinite(line.ratio))).toBe(true);
  }, 60_000);

  it('start: cold and warm', async () => {
    const rows = await start(quick);
    expect(rows.map(({ unit }) => unit)).toEqual(['ms', 'ms', 'MiB', 'MiB']);
  }, 60_000);
});
