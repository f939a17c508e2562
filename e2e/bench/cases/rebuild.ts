import { type Lane, interleave, samplesOf } from '../harness/interleave.js';
import { type BenchCase, row } from '../row.js';
import { Product } from '../servers/product/product.js';
import type { Folded } from '../servers/product/rebuild.js';
import type { BareInserts } from '../servers/product/bare-sqlite.js';

/** A paid bill makes nine events: issued, reserved, allocated; initiated, captured; held, spent; a receipt; and a key. */
const FULL = { bills: 26_000, organisations: 64, wallets: 1_024 };
const QUICK = { bills: 200, organisations: 4, wallets: 16 };
const PROJECTIONS = ['bills', 'payments'];

/** Reads a log that bills and payments made, as the rebuild of a view does. */
export const rebuild: BenchCase = async ({ runs, quick, log }) => {
  const { bills, organisations, wallets } = quick ? QUICK : FULL;
  const product = await Product.start({ store: 'sqlite', organisations });
  const { child } = product;
  try {
    const purses = await product.fillWallets(wallets);
    const { ids } = await product.issue({ count: bills, organisations, term: '1', inFlight: 256 });
    log(`${bills} bills are issued`);
    await child.ask('pay', { bills: ids, wallets: purses });
    await product.settle();
    const rows = await child.ask<number>('rows', PROJECTIONS);
    const { events } = await child.ask<Folded>('fold');
    log(`the log has ${events} events; the views are made by ${rows} row writes`);
    const lanes: readonly Lane[] = [
      { name: 'fold', run: async () => perSecond(events, (await child.ask<Folded>('fold')).durationMs) },
      { name: 'scan', run: async () => perSecond(events, await child.ask<number>('scan-bare')) },
      { name: 'views', run: async () => perSecond(rows, await child.ask<number>('rebuild', PROJECTIONS)) },
      {
        name: 'inserts',
        run: async () => {
          const inserted = await child.ask<BareInserts>('insert-bare', PROJECTIONS);
          return perSecond(inserted.rows, inserted.durationMs);
        },
      },
    ];
    const samples = await interleave(lanes, runs, log);
    return [
      row(
        { name: 'events folded', unit: 'events/s', samples: samplesOf(samples, 'fold per s') },
        { name: 'SQLite scan + JSON.parse', samples: samplesOf(samples, 'scan per s') },
      ),
      row(
        { name: 'view rows written', unit: 'rows/s', samples: samplesOf(samples, 'views per s') },
        { name: 'SQLite inserts of the final rows', samples: samplesOf(samples, 'inserts per s') },
      ),
    ];
  } finally {
    await product.stop();
  }
};

function perSecond(count: number, durationMs: number): { readonly 'per s': number } {
  return { 'per s': (count * 1_000) / durationMs };
}
