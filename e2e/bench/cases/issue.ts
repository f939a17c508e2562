import { type Lane, type Samples, interleave, samplesOf } from '../harness/interleave.js';
import { rosterCsv } from '../load/roster-csv.js';
import { Child } from '../process/child.js';
import { type BenchCase, type BenchRow, row } from '../row.js';
import type { ImportFigures } from '../servers/product/imports.js';
import { Product } from '../servers/product/product.js';

interface Size {
  readonly bills: number;
  readonly organisations: number;
  readonly rows: number;
}
const FULL: Size = { bills: 20_000, organisations: 16, rows: 50_000 };
const QUICK: Size = { bills: 200, organisations: 2, rows: 100 };
/** As many as a program that issues bills by itself would keep under way. */
const IN_FLIGHT = 1_024;

/** Bills by the command, and by a file from upload to published. */
export const issue: BenchCase = async ({ runs, quick, log }) => {
  const size = quick ? QUICK : FULL;
  const product = await Product.start({ store: 'sqlite', organisations: size.organisations });
  const engine = Child.start('servers/engine/main.js');
  try {
    return rowsOf(
      await interleave(
        [...commandLanes(product, engine, size), ...fileLanes(product, engine, size)],
        runs,
        log,
      ),
    );
  } finally {
    await Promise.all([product.stop(), engine.stop()]);
  }
};

function commandLanes({ child }: Product, engine: Child, size: Size): readonly Lane[] {
  const { bills: count, organisations } = size;
  return [
    {
      name: 'bills',
      run: async (round) => {
        const order = { count, organisations, term: `commands ${round}`, inFlight: IN_FLIGHT };
        const { durationMs } = await child.ask<{ readonly durationMs: number }>('bills', order);
        const settledMs = await child.ask<number>('settle');
        return { 'per s': (count * 1_000) / durationMs, ms: durationMs, 'settled ms': settledMs };
      },
    },
    {
      name: 'engine',
      run: async () => {
        const event = await child.ask('last-event', 'BillIssued.v1');
        const durationMs = await engine.ask<number>('append', {
          count,
          inFlight: IN_FLIGHT,
          events: [event],
        });
        return { 'per s': (count * 1_000) / durationMs };
      },
    },
  ];
}

function fileLanes({ child }: Product, engine: Child, { rows }: Size): readonly Lane[] {
  return [
    {
      name: 'file',
      run: async (round) => {
        const file = { content: rosterCsv(rows, round), key: `file-${round}` };
        const { checkedMs, publishedMs, issued } = await child.ask<ImportFigures>('publish', file);
        if (issued !== rows) throw new Error(`Of ${rows} rows ${issued} became bills.`);
        await child.ask('settle');
        return { 'per s': (rows * 1_000) / publishedMs, 'checked per s': (rows * 1_000) / checkedMs };
      },
    },
    {
      name: 'csv',
      run: async (round) => {
        const parsed = await engine.ask<{ readonly rows: number; readonly durationMs: number }>(
          'parse',
          rosterCsv(rows, round),
        );
        if (parsed.rows !== rows) throw new Error(`The baseline read ${parsed.rows} of ${rows} rows.`);
        return { 'per s': (rows * 1_000) / parsed.durationMs };
      },
    },
  ];
}

function rowsOf(samples: Samples): readonly BenchRow[] {
  const engine = { name: 'the engine, events of the same size', samples: samplesOf(samples, 'engine per s') };
  const csv = { name: 'csv-parse alone', samples: samplesOf(samples, 'csv per s') };
  return [
    row({ name: 'IssueBill', unit: 'bills/s', samples: samplesOf(samples, 'bills per s') }, engine),
    row(
      { name: 'file uploaded → checked', unit: 'rows/s', samples: samplesOf(samples, 'file checked per s') },
      csv,
    ),
    row(
      { name: 'file uploaded → published', unit: 'rows/s', samples: samplesOf(samples, 'file per s') },
      csv,
    ),
    row(
      {
        name: 'views behind after the last bill',
        unit: 'ms',
        samples: samplesOf(samples, 'bills settled ms'),
      },
      { name: 'the run itself', samples: samplesOf(samples, 'bills ms') },
    ),
  ];
}
