import { asId } from '#libs/kernel/ids/index.js';
import { type Lane, type Round, type Samples, interleave, samplesOf } from '../../harness/interleave.js';
import type { Resources } from '../../process/answer.js';
import { Child } from '../../process/child.js';
import { profiled } from '../../process/profiled.js';
import { type BenchCase, type BenchRow, row } from '../../row.js';
import { LESSON_FEN } from '../../servers/product/contracts.js';
import type { MassRefundFigures } from '../../servers/product/mass-refund.js';
import { Product } from '../../servers/product/product.js';
import { Terminal } from './terminal.js';

interface Size {
  readonly contracts: number;
  /** The round that warms up. */
  readonly first: number;
  readonly wallets: number;
}
const FULL: Size = { contracts: 10_000, first: 500, wallets: 1_024 };
const QUICK: Size = { contracts: 20, first: 10, wallets: 4 };
const LESSONS = 24;
/** Contracts that the job winds up at a time. */
const AT_ONCE = 32;

/**
 * An institution is closed: every one of its live contracts, each with 24 lessons paid for, is wound up by its own closure rule, and
 * what it holds goes on to the payer's wallet. From the request to the report on disk, the second person agreeing at once.
 */
export const massRefund: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const product = await Product.start({ store: 'sqlite', organisations: 1 });
  const engine = Child.start('servers/engine/main.js');
  try {
    const samples = await interleave(await lanesOf(product, engine, size), runs, log);
    return rowsOf(size, samples);
  } finally {
    await Promise.all([product.stop(), engine.stop()]);
  }
};

async function lanesOf(product: Product, engine: Child, size: Size): Promise<readonly Lane[]> {
  const { child } = product;
  const wallets = await product.fillWallets(size.wallets);
  const { key } = new Terminal();
  let events: MassRefundFigures['sample'] = [];
  const countOf = (round: number): number => (round < 0 ? size.first : size.contracts);
  return [
    {
      name: 'refund',
      run: async (round) => {
        const organisation = asId<'organisation'>(`bench-closing-${round}`);
        const count = countOf(round);
        const order = { count, lessons: LESSONS, notice: true, keys: [key], organisation, wallets };
        const contracts = await product.contracts(order);
        await product.settle();
        const heldEach = LESSON_FEN * BigInt(LESSONS);
        const close = { organisation, contracts, heldEach };
        const { figures, sample } = await profiled(child, `refund ${round}`, () => closed(product, close));
        events = sample;
        return figures;
      },
    },
    {
      name: 'engine',
      run: async (round) => ({
        ms: await engine.ask<number>('append', { count: countOf(round), inFlight: AT_ONCE, events }),
      }),
    },
  ];
}

async function closed(
  product: Product,
  order: object & { readonly contracts: readonly unknown[] },
): Promise<{ readonly figures: Round; readonly sample: MassRefundFigures['sample'] }> {
  const { child } = product;
  const before = await child.ask<Resources>('resources');
  const closing = await child.ask<MassRefundFigures>('mass-refund', order);
  const after = await child.ask<Resources>('resources');
  const settledMs = await product.settle();
  const later = await child.ask<Resources>('resources');
  const each = (ms: number): number => (ms * 1_000) / order.contracts.length;
  return {
    figures: {
      ms: closing.reportedMs,
      'agreed ms': closing.agreedMs,
      'report ms': closing.reportedMs - closing.doneMs,
      'settled ms': settledMs,
      'cpu µs': each(after.cpuMs - before.cpuMs),
      'main µs': each(after.mainCpuMs - before.mainCpuMs),
      'settled cpu µs': each(later.cpuMs - before.cpuMs),
    },
    sample: closing.sample,
  };
}

function rowsOf({ contracts }: Size, samples: Samples): readonly BenchRow[] {
  const of = (key: string): readonly number[] => samplesOf(samples, key);
  const whole = { name: 'the whole', samples: of('refund ms') };
  const many = contracts.toLocaleString('en-US');
  return [
    row(
      { name: `mass refund of ${many} contracts, to the report`, unit: 'ms', samples: of('refund ms') },
      { name: 'the engine, the same events', samples: of('engine ms') },
    ),
    row({ name: 'of which until it is agreed', unit: 'ms', samples: of('refund agreed ms') }, whole),
    row({ name: 'of which the report', unit: 'ms', samples: of('refund report ms') }, whole),
    row(
      {
        name: 'until the money is in the wallets, beyond that',
        unit: 'ms',
        samples: of('refund settled ms'),
      },
      whole,
    ),
    row(
      { name: 'processor time per contract, to the report', unit: 'µs', samples: of('refund cpu µs') },
      { name: 'main thread', samples: of('refund main µs') },
    ),
    row(
      {
        name: 'processor time per contract, money in the wallets',
        unit: 'µs',
        samples: of('refund settled cpu µs'),
      },
      { name: 'to the report', samples: of('refund cpu µs') },
    ),
  ];
}
