import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { type Lane, type Samples, interleave, samplesOf } from '../harness/interleave.js';
import { LoadGenerator } from '../load/generator.js';
import { type Latencies, PaymentLane } from '../load/payment-lane.js';
import { Child } from '../process/child.js';
import { type BenchCase, type BenchRow, row } from '../row.js';
import { BILL_FEN } from '../servers/product/bills.js';
import { byWallet, payBody } from '../servers/product/pay-bodies.js';
import type { BenchPayer } from '../servers/product/payers.js';
import { Product } from '../servers/product/product.js';

interface Size {
  readonly payments: number;
  /** Of the hot payer: one stream, each of whose appends waits for the one before; a round should end within seconds. */
  readonly hot: number;
  readonly organisations: number;
}
const FULL: Size = { payments: 4_000, hot: 1_600, organisations: 64 };
const QUICK: Size = { payments: 32, hot: 32, organisations: 4 };
const IN_FLIGHT = 64;
/** Of one payer in one day: below what tier II and the sub-wallet allow, 100,000 and 99,000 yuan. */
const BILLS_PER_DAY = 60;
/** Bills that one top-up pays. */
const BILLS_PER_TOP_UP = 700;

interface Processes {
  readonly generator: LoadGenerator;
  readonly product: Product;
  readonly noop: Product;
  readonly bareApollo: Child;
}

/**
 * One bill paid by wallet over real HTTP, 64 in flight, every step durable.
 * `one hot payer`: one wallet of tier I, which has no limits, pays everything. `many payers, limits on`: accounts of their own
 * with wallets of tier II and a sub-wallet each, whose single and day limits count (tier II has none for a year). `many payers, no limits`: the
 * same with wallets of tier I and no sub-wallet.
 */
export const wallet: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const { organisations } = size;
  const payers = payersFor(size, runs);
  const processes: Processes = {
    ...(await Product.startBoth(organisations)),
    generator: new LoadGenerator(),
    bareApollo: Child.start('servers/bare-apollo/main.js'),
  };
  try {
    const latencies: Latencies = new Map();
    const lane = new PaymentLane(processes.generator, latencies);
    const lanes = [
      await apolloLane(processes, lane, size),
      ...(await walletLanes(processes.product, lane, { size, payers, nameOf: (name) => name })),
      ...(await walletLanes(processes.noop, lane, { size, payers, nameOf: noopLaneOf })),
    ];
    return rowsOf(await interleave(lanes, runs, log), latencies);
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.stop()));
  }
};

/** So many that nobody comes to a day's limit, a multiple of the organisations: a sub-wallet pays its own one alone. */
function payersFor({ payments, organisations }: Size, runs: number): number {
  // One round more, to warm up.
  return organisations * Math.ceil((payments * (runs + 1)) / BILLS_PER_DAY / organisations);
}

const HOT = 'one hot payer';
const LIMITED = 'many payers, limits on';
const FREE = 'many payers, no limits';
const noopLaneOf = (name: string): string => `no-op ${name}`;

async function apolloLane({ bareApollo }: Processes, lane: PaymentLane, { payments }: Size): Promise<Lane> {
  const port = await bareApollo.ask<number>('port');
  const body = bodyOf(ANY_ID as BillId, { walletId: ANY_ID as WalletId });
  const bodies = Array.from({ length: payments }, () => body);
  const order = { port, path: '/', bodies, inFlight: IN_FLIGHT, server: bareApollo };
  return { name: 'Apollo', run: (round) => lane.run('Apollo', round, order) };
}

interface WalletLanes {
  readonly size: Size;
  readonly payers: number;
  readonly nameOf: (name: string) => string;
}

async function walletLanes(
  server: Product,
  lane: PaymentLane,
  { size, payers: count, nameOf }: WalletLanes,
): Promise<readonly Lane[]> {
  const { payments, hot, organisations } = size;
  const { port, token } = server.started;
  const [walletId] = await server.fillWallets(1);
  const limited = await server.payers({ count, organisations, kind: 'limited' });
  const free = await server.payers({ count, organisations, kind: 'free' });
  const laneOf = (name: string, bills: number, payers: readonly BenchPayer[]): Lane => ({
    name,
    run: async (round) => {
      const order = { count: bills, organisations, term: `${name} ${round}`, inFlight: 256 };
      const { ids } = await server.issue(order);
      await server.settle();
      const capturedBefore = await server.position();
      const bodies = ids.map((billId, index) => bodyOf(billId, payers[index % payers.length]!));
      const tokens = payers.map((payer) => payer.token);
      const run = { port, path: '/graphql', tokens, bodies, inFlight: IN_FLIGHT, server: server.child };
      const figures = await lane.run(name, round, run);
      await server.assertCaptured(capturedBefore, bills);
      return figures;
    },
  });
  const hotLane = laneOf(nameOf(HOT), hot, [{ walletId: walletId!, token }]);
  return [
    {
      ...hotLane,
      run: async (round) => {
        for (let part = 0; part * BILLS_PER_TOP_UP < hot; part += 1)
          await server.topUp({ walletId: walletId!, key: `hot-${round}-${part}` });
        return hotLane.run(round);
      },
    },
    laneOf(nameOf(LIMITED), payments, limited),
    laneOf(nameOf(FREE), payments, free),
  ];
}

const ANY_ID: string = '0a1fb2c3-4e5f-5a6b-8c7d-9e0f1a2b3c4d';

function bodyOf(
  billId: BillId,
  { walletId, subWalletId }: Pick<BenchPayer, 'walletId' | 'subWalletId'>,
): string {
  const method = byWallet(walletId, subWalletId);
  return payBody({ key: `${billId}-0`, bills: [{ billId }], totalFen: BILL_FEN, method });
}

function rowsOf(samples: Samples, latencies: Latencies): readonly BenchRow[] {
  const apollo = 'bare @apollo/server standalone';
  const of = (key: string): readonly number[] => samplesOf(samples, key);
  const speed = [HOT, LIMITED, FREE].flatMap((name) => {
    const measured = {
      name: `payBills by wallet, ${name}`,
      unit: 'payments/s',
      samples: of(`${name} per s`),
      p99: latencies.get(name)?.p99(),
    };
    return [
      row(measured, { name: apollo, samples: of('Apollo per s') }),
      row(measured, { name: 'the product with a no-op store', samples: of(`${noopLaneOf(name)} per s`) }),
    ];
  });
  const processor = [HOT, LIMITED, FREE].map((name) =>
    row(
      { name: `processor time per payment, ${name}`, unit: 'µs', samples: of(`${name} cpu µs`) },
      { name: `per request of ${apollo}`, samples: of('Apollo cpu µs') },
    ),
  );
  return [
    ...speed,
    ...processor,
    row(
      {
        name: 'limits and sub-wallets, processor time per payment',
        unit: 'µs',
        samples: of(`${LIMITED} cpu µs`),
      },
      { name: 'without', samples: of(`${FREE} cpu µs`) },
    ),
  ];
}
