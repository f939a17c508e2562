/**
 * `npm run bench -- [case …] [--json] [--runs N] [--quick]`: measures the cases named, or all; each figure stands beside a
 * baseline of the same run. Figures go to stdout, progress to stderr.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchCase, BenchRow } from './row.js';

const CASES: Readonly<Record<string, () => Promise<BenchCase>>> = {
  append: async () => (await import('./cases/append.js')).append,
  pay: async () => (await import('./cases/pay.js')).pay,
  wallet: async () => (await import('./cases/wallet.js')).wallet,
  issue: async () => (await import('./cases/issue.js')).issue,
  contracts: async () => (await import('./cases/contracts.js')).contracts,
  rebuild: async () => (await import('./cases/rebuild.js')).rebuild,
  start: async () => (await import('./cases/start.js')).start,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
  },
});

const names = positionals.length > 0 ? positionals : Object.keys(CASES);
const runs = Number(values.runs);
if (names.some((name) => !CASES[name]) || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(
    `Usage: npm run bench -- [${Object.keys(CASES).join('|')}] [--json] [--runs N] [--quick]\nWithout a case: all of them, some half an hour.\n`,
  );
  process.exit(2);
}

for (const name of names) {
  const bench = await CASES[name]!();
  const rows = await bench({ runs, quick: values.quick, log: (line) => process.stderr.write(`${line}\n`) });
  const heading = names.length > 1 ? `${name}\n` : '';
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ case: name, machine: machine(), rows })}\n`
      : `${heading}${table(rows)}\n`,
  );
}
process.exit(0);

function machine(): Readonly<Record<string, string | number>> {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
  };
}

function table(lines: readonly BenchRow[]): string {
  const cells = lines.map((line) => [
    line.name,
    `${figure(line.median)} ${line.unit}`,
    line.p99 === null ? '–' : `${figure(line.p99)} ms`,
    line.baselineName,
    figure(line.baselineMedian),
    `${line.ratio.toFixed(2)}×`,
  ]);
  const all = [['measured', 'median', 'p99', 'baseline', 'median', 'ratio'], ...cells];
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...all.map((cell) => (cell[column] ?? '').length)),
  );
  return `${all
    .map((cell) =>
      cell
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
