import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lane, interleave, samplesOf } from '../harness/interleave.js';
import { measureStart } from '../process/program.js';
import { type BenchCase, row } from '../row.js';

const STANDALONE = 'apps/standalone/main.js';
const READY = { readyPath: '/health/ready' };

/**
 * From the start of the process to ready: `cold` with an empty data folder, which the demo is seeded into, `warm` with the
 * data of a cold start. What comes before (installing, building) is measured by the launcher's own test.
 */
export const start: BenchCase = async ({ runs, quick, log }) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-start-'));
  // Without the demo a cold start is a matter of moments.
  const demo: Readonly<Record<string, string>> = quick ? { SLUICE_DEMO: 'off' } : {};
  const started = async (dataDir: string) => {
    const { readyMs, residentMiB } = await measureStart(
      STANDALONE,
      { ...demo, SLUICE_DATA_DIR: dataDir },
      READY,
    );
    return { ms: readyMs, MiB: residentMiB };
  };
  const lanes: readonly Lane[] = [
    {
      name: 'bare',
      run: async () => {
        const probe = { readyPath: '/', acceptAny: true };
        const { readyMs, residentMiB } = await measureStart('e2e/bench/servers/bare-nest/main.js', {}, probe);
        return { ms: readyMs, MiB: residentMiB };
      },
    },
    { name: 'cold', run: (round) => started(join(folder, `cold-${round}`)) },
    { name: 'warm', run: () => started(join(folder, 'cold--1')) },
  ];
  try {
    const samples = await interleave(lanes, runs, log);
    const bareMs = { name: 'a bare Nest application', samples: samplesOf(samples, 'bare ms') };
    const bareMiB = { name: 'a bare Nest application', samples: samplesOf(samples, 'bare MiB') };
    return [
      row({ name: 'cold start, demo seeded', unit: 'ms', samples: samplesOf(samples, 'cold ms') }, bareMs),
      row({ name: 'warm start', unit: 'ms', samples: samplesOf(samples, 'warm ms') }, bareMs),
      row(
        { name: 'resident after a cold start', unit: 'MiB', samples: samplesOf(samples, 'cold MiB') },
        bareMiB,
      ),
      row(
        { name: 'resident after a warm start', unit: 'MiB', samples: samplesOf(samples, 'warm MiB') },
        bareMiB,
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
