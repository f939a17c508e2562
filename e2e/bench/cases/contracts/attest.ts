import type { ContractId } from '#libs/kernel/ids/index.js';
import { type Lane, type Samples, interleave, samplesOf } from '../../harness/interleave.js';
import { LoadGenerator } from '../../load/generator.js';
import { type Latencies, PaymentLane } from '../../load/payment-lane.js';
import { Child } from '../../process/child.js';
import { type BenchCase, type BenchRow, row } from '../../row.js';
import { Product } from '../../servers/product/product.js';
import { Terminal } from './terminal.js';

interface Size {
  readonly contracts: number;
  /** Lessons that each contract is attested in a round. */
  readonly lessons: number;
  readonly organisations: number;
}
const FULL: Size = { contracts: 1_000, lessons: 4, organisations: 64 };
const QUICK: Size = { contracts: 8, lessons: 2, organisations: 2 };
const WIDTHS = [64, 256] as const;

interface Processes {
  readonly generator: LoadGenerator;
  readonly product: Product;
  readonly noop: Product;
  readonly bareApollo: Child;
}

/**
 * Durable attest → release over real HTTP: a lesson's evidence, signed with Ed25519 before the clock starts, is verified, decided and
 * stored, and the lesson is paid to the school in the same append. Many contracts, none of which is met twice at once.
 */
export const attest: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const processes: Processes = {
    ...(await Product.startBoth(1)),
    generator: new LoadGenerator(),
    bareApollo: Child.start('servers/bare-apollo/main.js'),
  };
  try {
    const latencies: Latencies = new Map();
    const parts = { lane: new PaymentLane(processes.generator, latencies), size, runs };
    const lanes = [
      ...(await apolloLanes(processes, parts)),
      ...(await productLanes(processes.product, parts, laneOf)),
      ...(await productLanes(processes.noop, parts, noopLaneOf)),
    ];
    return rowsOf(await interleave(lanes, runs, log), latencies);
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.stop()));
  }
};

const laneOf = (width: number): string => `attest, ${width} in flight`;
const noopLaneOf = (width: number): string => `no-op ${laneOf(width)}`;
const apolloLaneOf = (width: number): string => `Apollo, ${width} in flight`;

interface Parts {
  readonly lane: PaymentLane;
  readonly size: Size;
  readonly runs: number;
}

async function apolloLanes({ bareApollo }: Processes, { lane, size }: Parts): Promise<readonly Lane[]> {
  const port = await bareApollo.ask<number>('port');
  const body = new Terminal().bodyOf({ contractId: ANY_ID as ContractId, lessonNo: 1 });
  const bodies = Array.from({ length: size.contracts * size.lessons }, () => body);
  return WIDTHS.map((inFlight) => {
    const order = { port, path: '/', bodies, inFlight, server: bareApollo, expects: 'release' } as const;
    const name = apolloLaneOf(inFlight);
    return { name, run: (round) => lane.run(name, round, order) };
  });
}

async function productLanes(
  server: Product,
  { lane, size, runs }: Parts,
  nameOf: (width: number) => string,
): Promise<readonly Lane[]> {
  const { contracts: count, lessons, organisations } = size;
  const terminal = new Terminal();
  await server.child.ask('template');
  const wallets = await server.fillWallets(1);
  const lanes: Lane[] = [];
  for (const width of WIDTHS) {
    const name = nameOf(width);
    const contracts = await server.contracts({
      count,
      // A round more to warm up, and one lesson that nobody gives: the contracts stay in force.
      lessons: lessons * (runs + 1) + 1,
      notice: false,
      keys: [terminal.key],
      organisation: { organisations },
      wallets,
    });
    const { port, token } = server.started;
    const run = { port, path: '/graphql', tokens: [token], inFlight: width, server: server.child };
    lanes.push({
      name,
      run: async (round) => {
        const first = (round + 1) * lessons + 1;
        const bodies = Array.from({ length: count * lessons }, (_, index) => {
          const lessonNo = first + Math.floor(index / count);
          return terminal.bodyOf({ contractId: contracts[index % count]!, lessonNo });
        });
        await server.settle();
        const before = await server.position();
        const figures = await lane.run(name, round, { ...run, bodies, expects: 'release' });
        if (server.started.store !== 'noop') {
          const released = await server.countedSince('FundsReleased.v1', before!);
          if (released !== bodies.length)
            throw new Error(`${bodies.length} lessons were attested, ${released} were released.`);
        }
        return figures;
      },
    });
  }
  return lanes;
}

const ANY_ID: string = '0a1fb2c3-4e5f-5a6b-8c7d-9e0f1a2b3c4d';

function rowsOf(samples: Samples, latencies: Latencies): readonly BenchRow[] {
  const apollo = 'bare @apollo/server standalone';
  const of = (key: string): readonly number[] => samplesOf(samples, key);
  return [
    ...WIDTHS.flatMap((width) => {
      const name = laneOf(width);
      const measured = {
        name: `attest → release, ${width} in flight`,
        unit: 'releases/s',
        samples: of(`${name} per s`),
        p99: latencies.get(name)?.p99(),
      };
      return [
        row(measured, { name: apollo, samples: of(`${apolloLaneOf(width)} per s`) }),
        row(measured, { name: 'the product with a no-op store', samples: of(`${noopLaneOf(width)} per s`) }),
      ];
    }),
    ...WIDTHS.flatMap((width) =>
      (['cpu', 'main'] as const).map((kind) =>
        row(
          {
            name: `${kind === 'cpu' ? 'processor time' : 'main thread'} per release, ${width} in flight`,
            unit: 'µs',
            samples: of(`${laneOf(width)} ${kind} µs`),
          },
          { name: `per request of ${apollo}`, samples: of(`${apolloLaneOf(width)} ${kind} µs`) },
        ),
      ),
    ),
    row(
      {
        name: 'views behind after the last release, 64 in flight',
        unit: 'ms',
        samples: of(`${laneOf(64)} settled ms`),
      },
      { name: 'the run itself', samples: of(`${laneOf(64)} ms`) },
    ),
  ];
}
