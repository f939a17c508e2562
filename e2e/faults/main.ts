/**
 * node dist/e2e/faults/main.js [--cycles 200] [--seed 7] [--load-ms 900] [--bills 6000] [--keep]
 * Exit code 0: every invariant holds; 1: one is violated, the evidence is kept; 2: the run itself failed.
 */
import { parseArgs } from 'node:util';
import { tableOf } from '#e2e/checker/check.js';
import { killAndCheck } from './harness.js';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'load-ms': { type: 'string', default: '900' },
    bills: { type: 'string', default: '6000' },
    keep: { type: 'boolean', default: false },
  },
});

function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number above zero.`);
  return value;
}

try {
  const result = await killAndCheck({
    cycles: numberOf(values.cycles, 'cycles'),
    seed: numberOf(values.seed, 'seed'),
    longestLoadMs: numberOf(values['load-ms'], 'load-ms'),
    billsPerImport: numberOf(values.bills, 'bills'),
    keep: values.keep,
    say: (text) => process.stderr.write(`${text}\n`),
  });
  const { cycles, asked, acknowledged, refused, askedAgain, abandoned, recoveryMs, stopMs, report } = result;
  process.stdout.write(
    `${cycles} kills, ${asked} payments asked for, ${acknowledged} acknowledgements, ${refused} refused, ${askedAgain} asked again after a kill, ${abandoned} left to the product; ` +
      `ready again after ${Math.round(recoveryMs.median)} ms (worst ${Math.round(recoveryMs.worst)} ms), stopped in ${Math.round(stopMs)} ms\n\n${tableOf(report)}\n`,
  );
  process.exitCode = report.holds ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
}
