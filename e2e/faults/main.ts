/**
 * node dist/e2e/faults/main.js [--cycles 200] [--seed 7] [--load-ms 900] [--bills 6000]
 *   [--check-every 1] [--kill-bank] [--keep]
 * Exit code 0: every invariant holds; 1: one is violated, the evidence is kept; 2: the run itself failed.
 */
import { parseArgs } from 'node:util';
import { tableOf } from '#e2e/checker/table.js';
import { killAndCheck } from './harness.js';
import type { RunResult } from './options.js';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'load-ms': { type: 'string', default: '900' },
    bills: { type: 'string', default: '6000' },
    'check-every': { type: 'string', default: '1' },
    'kill-bank': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number above zero.`);
  return value;
}

function summaryOf(result: RunResult): string {
  const { counts, acknowledged, askedAgain, abandoned, kills, bankKills, recoveryMs, restMs, stopMs } =
    result;
  const rows = counts
    .rows()
    .map(
      ({ name, asked, yes, no }) =>
        `${name.padEnd(24)}${[asked, yes, no].map((n) => String(n).padStart(8)).join('')}`,
    );
  const ms = (value: number): string => `${Math.round(value)} ms`;
  return [
    `${kills} kills of the product, ${bankKills} of the bank; ready again after ${ms(recoveryMs.median)} (worst ${ms(recoveryMs.worst)}), at rest after ${ms(restMs)} at most, stopped in ${ms(stopMs)}`,
    `${acknowledged} captures acknowledged, ${askedAgain} requests asked again after a kill, ${abandoned} left to the product`,
    '',
    `${'act'.padEnd(24)}${['asked', 'yes', 'refused'].map((word) => word.padStart(8)).join('')}`,
    ...rows,
  ].join('\n');
}

try {
  const result = await killAndCheck({
    cycles: numberOf(values.cycles, 'cycles'),
    seed: numberOf(values.seed, 'seed'),
    longestLoadMs: numberOf(values['load-ms'], 'load-ms'),
    billsPerImport: numberOf(values.bills, 'bills'),
    checkEvery: numberOf(values['check-every'], 'check-every'),
    killBank: values['kill-bank'],
    keep: values.keep,
    say: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${summaryOf(result)}\n\n${tableOf(result.report)}\n`);
  process.exitCode = result.report.holds ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
}
