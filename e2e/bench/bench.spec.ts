import { describe, expect, it } from '@jest/globals';
import { pay } from './cases/pay.js';
import { bodiesOf, eachTwice } from './cases/pay/shapes.js';
import { start } from './cases/start.js';
import { wallet } from './cases/wallet.js';
import { interleave, samplesOf } from './harness/interleave.js';
import { OnePaymentEach } from './load/one-payment-each.js';
import { isUnknown, paymentIn } from './load/paid.js';
import { LoadGenerator } from './load/generator.js';
import { rosterCsv } from './load/roster-csv.js';
import { Child } from './process/child.js';
import { type BenchOptions, median, percentile, row } from './row.js';

const KINDS = ['operator', '5 bills', 'in two parts'];

interface PayInput {
  readonly idempotencyKey: string;
  readonly bills: readonly { readonly billId: string; readonly amount?: { readonly amount: string } }[];
  readonly expectedTotal: { readonly amount: string };
}

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
    const paid = { __typename: 'Payment', id: 'p', status: 'CAPTURED', receipts };
    expect(paymentIn(answer(paid))).toBe('p 2026-00000001');
    for (const other of [
      { ...paid, receipts: [] },
      { ...paid, receipts: [{ number: '' }] },
      { ...paid, receipts: [...receipts, {}] },
      { ...paid, status: 'AUTHORISING' },
      { ...paid, id: undefined },
      { __typename: 'BillAlreadyPaid', code: 'BILL_ALREADY_PAID' },
    ])
      expect(paymentIn(answer(other))).toBeUndefined();
    expect(paymentIn('{"errors":[{"message":"no"}]}')).toBeUndefined();
    expect(paymentIn('<html>')).toBeUndefined();
    const unknown = ['UNKNOWN', 'AUTHORISING', 'CAPTURED', 'FAILED'].map((status) =>
      answer({ ...paid, status }),
    );
    expect(unknown.map(isUnknown)).toEqual([true, true, false, false]);
    expect(['{"errors":[]}', '<html>', answer({ status: 'UNKNOWN' })].map(isUnknown)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('holds a key to one payment', () => {
    const payments = new OnePaymentEach();
    for (const request of ['a', 'a', 'b']) payments.begin(request);
    expect([payments.end('a', 'p1'), payments.end('a', 'p1'), payments.end('b', 'p2')]).toEqual([
      true,
      true,
      true,
    ]);
    for (const request of ['a', 'c', 'd', 'a']) payments.begin(request);
    // A second payment under the key; the payment of another key; none.
    expect([payments.end('a', 'p3'), payments.end('c', 'p2'), payments.end('d', undefined)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(payments.overlapping).toBe(2);
  });

  it('sends everything twice, a third at once', () => {
    const bodies = Array.from({ length: 18 }, (_, index) => `body-${index}`);
    const sent = eachTwice(bodies, 2);
    expect([...sent].sort()).toEqual([...bodies, ...bodies].sort());
    const distances = bodies.map((body) => sent.lastIndexOf(body) - sent.indexOf(body));
    expect(distances.filter((distance) => distance === 1)).toHaveLength(6);
    expect(distances.filter((distance) => distance === 1 || distance > 2)).toHaveLength(bodies.length);
  });

  it('puts bills of one organisation into one payment, and pays a bill in parts that add up', () => {
    const bills = Array.from({ length: 20 }, (_, index) => `bill-of-${index % 2}-${index}` as never);
    const inputsOf = (bodies: readonly string[]) =>
      bodies.map((body) => (JSON.parse(body) as { variables: { input: PayInput } }).variables.input);
    const shape = { name: 's', payments: 4, organisations: 2, inFlight: 2 };
    const five = inputsOf(bodiesOf({ ...shape, billsEach: 5 }, bills, ['w' as never]));
    const organisationsOf = ({ bills: own }: PayInput) =>
      new Set(own.map(({ billId }) => /bill-of-(\d)/.exec(Buffer.from(billId, 'base64url').toString())?.[1]));
    expect(five.map((input) => [...organisationsOf(input)])).toEqual([['0'], ['1'], ['0'], ['1']]);
    expect(new Set(five.flatMap(({ bills: own }) => own.map(({ billId }) => billId))).size).toBe(20);
    expect(five[0]?.expectedTotal.amount).toBe('7047.50');
    const parts = inputsOf(bodiesOf({ ...shape, parts: 2 }, bills.slice(0, 2), ['w' as never]));
    expect(parts.map(({ bills: [bill] }) => bill?.amount?.amount)).toEqual([
      '704.75',
      '704.75',
      '704.75',
      '704.75',
    ]);
    expect(new Set(parts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(4);
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
    const apollo = 'bare @apollo/server standalone';
    const noop = 'the product with a no-op store';
    const others = [
      'spread, 256 in flight',
      ...[64, 256].flatMap((width) => KINDS.map((kind) => `${kind}, ${width} in flight`)),
    ];
    const graphql = 'bare node:http + graphql-js';
    expect(rows.map(({ name, baselineName }) => `${name} / ${baselineName}`)).toEqual([
      ...['spread', 'hot'].flatMap((shape) =>
        [apollo, graphql, noop].map((base) => `payBills, ${shape} / ${base}`),
      ),
      ...others.flatMap((shape) => [apollo, noop].map((base) => `payBills, ${shape} / ${base}`)),
      'every request twice, time / each once',
      'every request twice, processor time per payment / each once',
      ...[apollo, noop].map((base) => `payBills, every request twice / ${base}`),
      ...['spread', 'hot', ...others].map(
        (shape) => `processor time per payment, ${shape} / per request of ${apollo}`,
      ),
      'main thread per payment, spread / per request of bare @apollo/server',
      'views behind after the last payment / the run itself',
    ]);
    expect(rows.every((line) => Number.isFinite(line.ratio))).toBe(true);
  }, 60_000);

  it('wallet: one hot payer, and many with limits', async () => {
    const rows = await wallet(quick);
    expect(rows.map(({ unit }) => unit)).toEqual([
      ...Array.from({ length: 6 }, () => 'payments/s'),
      ...Array.from({ length: 4 }, () => 'µs'),
    ]);
    expect(rows.every((line) => Number.isFinite(line.ratio))).toBe(true);
  }, 60_000);

  it('start: cold and warm', async () => {
    const rows = await start(quick);
    expect(rows.map(({ unit }) => unit)).toEqual(['ms', 'ms', 'MiB', 'MiB']);
  }, 60_000);
});
