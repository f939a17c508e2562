import { percentile } from '../row.js';

export interface LoopFigures {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Keeps `inFlight` operations under way until `count` are done: the next starts when one has been answered. */
export async function closedLoop(
  inFlight: number,
  count: number,
  operation: (index: number) => Promise<unknown>,
): Promise<LoopFigures> {
  const latenciesMs: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const startedAt = performance.now();
      await operation(index);
      latenciesMs.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: count / seconds, p99Ms: percentile(latenciesMs, 99) };
}
