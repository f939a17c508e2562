import { type Lane, type Samples, interleave, samplesOf } from '../harness/interleave.js';
import { type Latencies, PaymentLane } from '../load/payment-lane.js';
import { LoadGenerator } from '../load/generator.js';
import { Child } from '../process/child.js';
import { type BenchCase, type BenchRow, row } from '../row.js';
import { Product, payBodies } from '../servers/product/product.js';

interface Size {
  readonly payments: number;
  readonly organisations: number;
  readonly wallets: number;
}
const FULL: Size = { payments: 4_000, organisations: 64, wallets: 1_024 };
const QUICK: Size = { payments: 128, organisations: 4, wallets: 16 };

interface Processes {
  readonly generator: LoadGenerator;
  readonly product: Product;
  /** The product over a store without work. */
  readonly noop: Product;
  readonly bareGraphql: Child;
  readonly bareApollo: Child;
}

/**
 * Durable payBills over real HTTP, 64 in flight, paid from a thousand wallets: `spread` over many organisations, `hot` all
 * for one. The load generator and every server are processes of their own; every answer is checked.
 */
export const pay: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const processes = await startAll(size);
  try {
    const latencies: Latencies = new Map();
    const samples = await interleave(await lanesOf(processes, size, latencies), runs, log);
    return rowsOf(samples, latencies);
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.stop()));
  }
};

async function startAll({ organisations }: Size): Promise<Processes> {
  return {
    generator: new LoadGenerator(),
    product: await Product.start({ store: 'sqlite', organisations }),
    noop: await Product.start({ store: 'noop', organisations }),
    bareGraphql: Child.start('servers/bare-graphql/main.js'),
    bareApollo: Child.start('servers/bare-apollo/main.js'),
  };
}

async function lanesOf(
  { generator, product, noop, bareGraphql, bareApollo }: Processes,
  size: Size,
  latencies: Latencies,
): Promise<readonly Lane[]> {
  const lane = new PaymentLane(generator, latencies);
  const overProduct = (name: string, server: Product, wallets: Wallets, organisations: number): Lane => ({
    name,
    run: async (round) => {
      const order = { count: size.payments, organisations, term: `${name} ${round}`, inFlight: 256 };
      const { ids } = await server.issue(order);
      await server.settle();
      const { port, token } = server.started;
      const bodies = payBodies(ids, wallets);
      return lane.run(name, round, { port, path: '/graphql', token, bodies, server: server.child });
    },
  });
  const wallets = await product.fillWallets(size.wallets);
  const noopWallets = await noop.fillWallets(size.wallets);
  const [sample = ''] = payBodies(
    (await noop.issue({ count: 1, organisations: 1, term: 'sample', inFlight: 1 })).ids,
    noopWallets,
  );
  const bodies = Array.from({ length: size.payments }, () => sample);
  const overBare = (name: string, server: Child, port: number, path: string): Lane => ({
    name,
    run: (round) => lane.run(name, round, { port, path, bodies, server }),
  });
  return [
    overBare('graphql-js', bareGraphql, await bareGraphql.ask('port'), '/'),
    overBare('Apollo', bareApollo, await bareApollo.ask('port'), '/'),
    overProduct('spread', product, wallets, size.organisations),
    overProduct('hot', product, wallets, 1),
    overProduct('no-op spread', noop, noopWallets, size.organisations),
    overProduct('no-op hot', noop, noopWallets, 1),
  ];
}

type Wallets = Awaited<ReturnType<Product['fillWallets']>>;

const BASELINES = [
  ['bare @apollo/server standalone', 'Apollo'],
  ['bare node:http + graphql-js', 'graphql-js'],
] as const;

function rowsOf(samples: Samples, latencies: Latencies): readonly BenchRow[] {
  const rows: BenchRow[] = [];
  for (const shape of ['spread', 'hot']) {
    const measured = {
      name: `payBills, ${shape}`,
      unit: 'payments/s',
      samples: samplesOf(samples, `${shape} per s`),
      p99: latencies.get(shape)?.p99(),
    };
    const noop = ['the product with a no-op store', `no-op ${shape}`] as const;
    for (const [name, lane] of [...BASELINES, noop]) {
      rows.push(row(measured, { name, samples: samplesOf(samples, `${lane} per s`) }));
    }
  }
  rows.push(
    row(
      {
        name: 'main thread per payment, spread',
        unit: 'µs',
        samples: samplesOf(samples, 'spread main µs'),
      },
      { name: 'per request of bare @apollo/server', samples: samplesOf(samples, 'Apollo main µs') },
    ),
    row(
      {
        name: 'views behind after the last payment',
        unit: 'ms',
        samples: samplesOf(samples, 'spread settled ms'),
      },
      { name: 'the run itself', samples: samplesOf(samples, 'spread ms') },
    ),
  );
  return rows;
}
