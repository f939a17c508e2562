/** One round of a lane: its figures by name. */
export type Round = Readonly<Record<string, number>>;

export interface Lane {
  readonly name: string;
  /** Does the work of one round. Called once before the rounds that count, with `round` -1, to warm up. */
  run(round: number): Promise<Round>;
}

export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Runs the lanes in turn, round after round, so that whatever else happens on the machine happens to all of them alike.
 *
 * @returns samples by `<lane> <figure>`
 */
export async function interleave(
  lanes: readonly Lane[],
  rounds: number,
  log: (line: string) => void,
): Promise<Samples> {
  const samples = new Map<string, number[]>();
  for (const lane of lanes) await lane.run(-1);
  for (let round = 0; round < rounds; round += 1) {
    for (const lane of lanes) {
      const figures = await lane.run(round);
      for (const [figure, value] of Object.entries(figures)) {
        const key = `${lane.name} ${figure}`;
        samples.set(key, [...(samples.get(key) ?? []), value]);
      }
      log(`${round + 1}/${rounds} ${lane.name}: ${describe(figures)}`);
    }
  }
  return samples;
}

/** @throws Error when nothing of that name was measured */
export function samplesOf(samples: Samples, key: string): readonly number[] {
  const found = samples.get(key);
  if (!found) throw new Error(`Nothing was measured as "${key}".`);
  return found;
}

function describe(figures: Round): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value >= 100 ? Math.round(value) : value.toPrecision(3)}`)
    .join(', ');
}
