import { type Lane, interleave } from '../harness/interleave.js';
import { LoadGenerator } from '../load/generator.js';
import { type Latencies, PaymentLane } from '../load/payment-lane.js';
import { Child } from '../process/child.js';
import type { BenchCase } from '../row.js';
import { Product } from '../servers/product/product.js';
import { apolloLaneOf, noopLaneOf, rowsOf } from './pay/rows.js';
import {
  BILLS_EACH,
  FULL,
  QUICK,
  type Shape,
  type Size,
  WIDTHS,
  billsFor,
  bodiesOf,
  shapesOf,
} from './pay/shapes.js';

/**
 * Of the payments that are asked for twice, the least part whose two requests must have been under way together for the
 * figure to mean what it says; a third are sent so.
 */
const LEAST_OVERLAP = 0.25;

interface Processes {
  readonly generator: LoadGenerator;
  readonly product: Product;
  /** The product over a store without work. */
  readonly noop: Product;
  readonly bareGraphql: Child;
  readonly bareApollo: Child;
}

/**
 * Durable payBills over real HTTP, paid from a thousand wallets of tier I, which has no limits: `spread` over many
 * organisations, `hot` all for one, through the sandbox bank, several bills at once, bills in parts, every request twice. The
 * load generator, every server and the bank are processes of their own; every answer is checked, and so is that a key makes
 * one payment.
 */
export const pay: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const shapes = shapesOf(size);
  const processes = await startAll(size);
  try {
    const latencies: Latencies = new Map();
    const lane = new PaymentLane(processes.generator, latencies);
    const lanes = [
      ...(await bareLanes(processes, lane, size)),
      ...(await productLanes(processes.product, lane, { shapes, size, nameOf: ({ name }) => name })),
      ...(await productLanes(processes.noop, lane, { shapes, size, nameOf: noopLaneOf })),
    ];
    return rowsOf(shapes, await interleave(lanes, runs, log), latencies);
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.stop()));
  }
};

async function startAll({ organisations }: Size): Promise<Processes> {
  const products = await Product.startBoth(organisations);
  return {
    ...products,
    generator: new LoadGenerator(),
    bareGraphql: Child.start('servers/bare-graphql/main.js'),
    bareApollo: Child.start('servers/bare-apollo/main.js'),
  };
}

interface ProductLanes {
  readonly shapes: readonly Shape[];
  readonly size: Size;
  readonly nameOf: (shape: Shape) => string;
}

async function productLanes(
  server: Product,
  lane: PaymentLane,
  { shapes, size, nameOf }: ProductLanes,
): Promise<readonly Lane[]> {
  const wallets = await server.fillWallets(size.wallets);
  return shapes.map((shape) => {
    const name = nameOf(shape);
    const { payments, organisations, inFlight } = shape;
    return {
      name,
      run: async (round) => {
        const order = { count: billsFor(shape), organisations, term: `${name} ${round}`, inFlight: 256 };
        const { ids } = await server.issue(order);
        await server.settle();
        const capturedBefore = await server.position();
        const { port, token } = server.started;
        const bodies = bodiesOf(shape, ids, wallets);
        const run = {
          port,
          path: '/graphql',
          tokens: [token],
          bodies,
          inFlight,
          payments,
          ...(shape.operator && { mayBeUnknown: true }),
          server: server.child,
        };
        const figures = await lane.run(name, round, run);
        if (shape.twice) assertOverlap(figures['overlapping'] ?? 0);
        await server.assertCaptured(capturedBefore, payments);
        return figures;
      },
    };
  });
}

/** @param overlapping of the requests, of which there are two for each payment */
function assertOverlap(overlapping: number): void {
  if (overlapping * 2 < LEAST_OVERLAP)
    throw new Error(`Only ${(overlapping * 200).toFixed(0)} % of the payments were asked for twice at once.`);
}

/** Servers without work, given requests of the same size. */
async function bareLanes(
  { bareGraphql, bareApollo }: Processes,
  lane: PaymentLane,
  { payments, fewer }: Size,
): Promise<readonly Lane[]> {
  const over = (name: string, server: Child, of: LaneOf): Lane => {
    const [sample = ''] = bodiesOf(
      { ...ANY, ...of },
      Array.from({ length: of.billsEach }, () => ANY_ID),
      [ANY_ID],
    );
    const bodies = Array.from({ length: of.payments }, () => sample);
    const { port, path, inFlight } = of;
    return { name, run: (round) => lane.run(name, round, { port, path, bodies, inFlight, server }) };
  };
  const graphqlPort = await bareGraphql.ask<number>('port');
  const port = await bareApollo.ask<number>('port');
  const path = '/';
  return [
    over('graphql-js', bareGraphql, { port: graphqlPort, path, payments, inFlight: 64, billsEach: 1 }),
    ...WIDTHS.flatMap((inFlight) =>
      [1, BILLS_EACH].map((billsEach) => {
        const count = inFlight === 64 && billsEach === 1 ? payments : fewer;
        const of = { port, path, payments: count, inFlight, billsEach };
        return over(apolloLaneOf(of), bareApollo, of);
      }),
    ),
  ];
}

interface LaneOf {
  readonly port: number;
  readonly path: string;
  readonly payments: number;
  readonly inFlight: number;
  readonly billsEach: number;
}

/** A request that no product is asked. */
const ANY = { name: 'sample', organisations: 1 } as const;
const ANY_ID = '0a1fb2c3-4e5f-5a6b-8c7d-9e0f1a2b3c4d' as never;
