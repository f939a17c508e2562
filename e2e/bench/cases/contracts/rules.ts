import { type Lane, type Samples, interleave, samplesOf } from '../../harness/interleave.js';
import { Child } from '../../process/child.js';
import { profiled } from '../../process/profiled.js';
import { type BenchCase, type BenchRow, row } from '../../row.js';
import type { DecideOrder, Took } from '../../servers/rules/main.js';
import type { CourseOrder } from '../../servers/rules/course.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const MANY = 5_000;
/** One day for the payment, one for each lesson: as many acts as a simulation takes. */
const DAYS: CourseOrder = { lessons: 999, notice: 'P3D', everyMs: DAY_MS };

interface Shape extends DecideOrder {
  readonly name: string;
}

/** @param decisions of every run */
function shapesOf(decisions: number, many: number): readonly Shape[] {
  const shape = { everyMs: SECOND_MS, deciding: 'attest', notice: 'PT0S' } as const;
  const fewContracts = Math.ceil(decisions / many);
  return [
    { ...shape, name: '24 units', lessons: 24, contracts: Math.ceil(decisions / 24) },
    { ...shape, name: '5,000 units', lessons: many, contracts: fewContracts },
    {
      ...shape,
      name: '5,000 units in notice, confirmed',
      lessons: many,
      contracts: fewContracts,
      deciding: 'confirm',
      notice: 'P3D',
    },
    // So many more that it takes long enough to be timed.
    { ...shape, name: 'empty', lessons: 24, contracts: decisions, deciding: 'empty' },
  ];
}

/** Decisions and simulations in process: attest → release, each a decision of two events, decided and folded. */
export const rules: BenchCase = async ({ runs, quick, log }) => {
  const child = Child.start('servers/rules/main.js');
  const shapes = quick ? shapesOf(48, 100) : shapesOf(50_000, MANY);
  const days = quick ? { ...DAYS, lessons: 20 } : DAYS;
  const daysLane = (name: string, op: string): Lane => ({
    name,
    run: async (round) => {
      const ask = () => child.ask<Took>(op, days);
      const { durationMs, cpuMs } = await profiled(child, `${name} ${round}`, ask);
      return { ms: durationMs, 'cpu ms': cpuMs };
    },
  });
  const lanes = [
    ...shapes.map((shape) => decideLane(child, shape)),
    daysLane('simulated', 'simulate'),
    daysLane('decided', 'decide-days'),
  ];
  try {
    return rowsOf(shapes, await interleave(lanes, runs, log));
  } finally {
    await child.stop();
  }
};

function decideLane(child: Child, { name, ...order }: Shape): Lane {
  const decisions = order.lessons * order.contracts;
  return {
    name,
    run: async (round) => {
      const ask = () => child.ask<Took>('decide', order);
      const { durationMs, cpuMs } = await profiled(child, `${name} ${round}`, ask);
      return {
        'per s': (decisions * 1_000) / durationMs,
        'cpu µs': (cpuMs * 1_000) / decisions,
      };
    },
  };
}

function rowsOf(shapes: readonly Shape[], samples: Samples): readonly BenchRow[] {
  const of = (key: string): readonly number[] => samplesOf(samples, key);
  const own = shapes.filter(({ deciding }) => deciding !== 'empty');
  const empty = 'a decider without rules';
  const decider = 'the decider alone, the same commands';
  return [
    ...own.map(({ name }) =>
      row(
        { name: `decisions, ${name}`, unit: 'decisions/s', samples: of(`${name} per s`) },
        { name: empty, samples: of('empty per s') },
      ),
    ),
    ...own.map(({ name }) =>
      row(
        { name: `processor time per decision, ${name}`, unit: 'µs', samples: of(`${name} cpu µs`) },
        { name: empty, samples: of('empty cpu µs') },
      ),
    ),
    row(
      { name: 'simulate 1,000 days, a lesson a day', unit: 'ms', samples: of('simulated ms') },
      { name: decider, samples: of('decided ms') },
    ),
    row(
      { name: 'simulate 1,000 days, processor time', unit: 'ms', samples: of('simulated cpu ms') },
      { name: decider, samples: of('decided cpu ms') },
    ),
  ];
}
