import { type Samples, samplesOf } from '../../harness/interleave.js';
import type { Latencies } from '../../load/payment-lane.js';
import { type BenchRow, row } from '../../row.js';
import { BILLS_EACH, type Shape } from './shapes.js';

/** Lanes that do no work: what HTTP and GraphQL cost alone. */
export const APOLLO = 'bare @apollo/server standalone';
const GRAPHQL_JS = 'bare node:http + graphql-js';
const NOOP = 'the product with a no-op store';

export const noopLaneOf = ({ name }: Shape): string => `no-op ${name}`;

/** The lane of bare Apollo that answers requests like those of the shape, so many at once. */
export function apolloLaneOf({ inFlight, billsEach = 1 }: Pick<Shape, 'inFlight' | 'billsEach'>): string {
  const bills = billsEach === 1 ? '' : `, ${BILLS_EACH} bills`;
  return inFlight === 64 ? `Apollo${bills}` : `Apollo${bills}, ${inFlight} in flight`;
}

export function rowsOf(
  shapes: readonly Shape[],
  samples: Samples,
  latencies: Latencies,
): readonly BenchRow[] {
  return [
    ...shapes.filter(({ twice }) => !twice).flatMap((shape) => speedRows(shape, samples, latencies)),
    ...twiceRows(shapes, samples, latencies),
    ...shapes.filter(({ twice }) => !twice).map((shape) => processorRow(shape, samples)),
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
  ];
}

function speedRows(shape: Shape, samples: Samples, latencies: Latencies): readonly BenchRow[] {
  const measured = {
    name: `payBills, ${shape.name}`,
    unit: 'payments/s',
    samples: samplesOf(samples, `${shape.name} per s`),
    p99: latencies.get(shape.name)?.p99(),
  };
  const baselines = [
    [APOLLO, apolloLaneOf(shape)],
    ...(shape.name === 'spread' || shape.name === 'hot' ? [[GRAPHQL_JS, 'graphql-js'] as const] : []),
    [NOOP, noopLaneOf(shape)],
  ] as const;
  return baselines.map(([name, lane]) =>
    row(measured, { name, samples: samplesOf(samples, `${lane} per s`) }),
  );
}

/** What it costs when every request is sent twice, beside the same payments asked for once: below 1.2. */
function twiceRows(shapes: readonly Shape[], samples: Samples, latencies: Latencies): readonly BenchRow[] {
  return shapes
    .filter(({ twice }) => twice)
    .flatMap((shape) => {
      const of = (figure: string): readonly number[] => samplesOf(samples, `${shape.name} ${figure}`);
      const once = (figure: string): readonly number[] => samplesOf(samples, `spread ${figure}`);
      const requests = {
        name: 'payBills, every request twice',
        unit: 'requests/s',
        samples: of('requests per s'),
        p99: latencies.get(shape.name)?.p99(),
      };
      return [
        row(
          { name: 'every request twice, time', unit: 'ms', samples: of('ms') },
          { name: 'each once', samples: once('ms') },
        ),
        row(
          { name: 'every request twice, processor time per payment', unit: 'µs', samples: of('cpu µs') },
          { name: 'each once', samples: once('cpu µs') },
        ),
        row(requests, { name: APOLLO, samples: samplesOf(samples, 'Apollo per s') }),
        row(requests, { name: NOOP, samples: samplesOf(samples, `${noopLaneOf(shape)} requests per s`) }),
      ];
    });
}

/** Of all threads of the product, until its views have caught up; another process's work is not in it. */
function processorRow(shape: Shape, samples: Samples): BenchRow {
  return row(
    {
      name: `processor time per payment, ${shape.name}`,
      unit: 'µs',
      samples: samplesOf(samples, `${shape.name} cpu µs`),
    },
    { name: `per request of ${APOLLO}`, samples: samplesOf(samples, `${apolloLaneOf(shape)} cpu µs`) },
  );
}
