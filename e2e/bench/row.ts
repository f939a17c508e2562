/** One measured figure beside its baseline, taken in the same run on the same machine. */
export interface BenchRow {
  readonly name: string;
  /** Median over the runs, in `unit`. */
  readonly median: number;
  /** 99th percentile of single operations in milliseconds; null where there are no single operations to time. */
  readonly p99: number | null;
  readonly unit: string;
  readonly baselineName: string;
  readonly baselineMedian: number;
  /** median ÷ baselineMedian. */
  readonly ratio: number;
}

/** How often each measurement is repeated; medians need at least five. */
export interface BenchOptions {
  readonly runs: number;
  /** Shrinks the work so that a test can see the case run; figures then mean nothing. */
  readonly quick: boolean;
  /** Progress for a person who waits; goes to stderr. */
  log(line: string): void;
}

export type BenchCase = (options: BenchOptions) => Promise<readonly BenchRow[]>;

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}

/** Nearest-rank percentile; NaN for no samples. */
export function percentile(samples: readonly number[], percent: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = Float64Array.from(samples).sort();
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function row(
  measured: {
    readonly name: string;
    readonly unit: string;
    readonly samples: readonly number[];
    readonly p99?: number;
  },
  baseline: { readonly name: string; readonly samples: readonly number[] },
): BenchRow {
  const own = median(measured.samples);
  const base = median(baseline.samples);
  return {
    name: measured.name,
    median: own,
    p99: measured.p99 ?? null,
    unit: measured.unit,
    baselineName: baseline.name,
    baselineMedian: base,
    ratio: own / base,
  };
}
