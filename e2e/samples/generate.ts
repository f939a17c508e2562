import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultyRows, rosterWorkbook } from '#libs/testing/roster.js';
import { rosterRows, writeRosterCsv } from './roster-csv.js';

const USAGE = `Writes sample rosters.

  node dist/e2e/samples/generate.js --rows 50000 --out roster.xlsx     one file; .csv is UTF-8
  node dist/e2e/samples/generate.js --rows 1000000 --out roster.csv --encoding gb18030
  node dist/e2e/samples/generate.js --shipped e2e/samples               the three files of the repository
`;
const SHIPPED_STUDENTS = 1_200;
/** Right rows around the thirteen faulty ones. */
const RIGHT_ROWS = 37;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      out: { type: 'string' },
      encoding: { type: 'string', default: 'utf8' },
      shipped: { type: 'string' },
    },
  });
  if (values.shipped !== undefined) {
    await writeShipped(values.shipped);
    return 0;
  }
  const rows = Number(values.rows);
  const { out, encoding } = values;
  if (!Number.isInteger(rows) || rows < 1 || out === undefined) return fail(USAGE);
  if (encoding !== 'utf8' && encoding !== 'gb18030') return fail(USAGE);
  if (out.endsWith('.csv')) await writeRosterCsv(out, rows, encoding);
  else if (out.endsWith('.xlsx')) writeFileSync(out, await rosterWorkbook(rosterRows(rows)));
  else return fail(USAGE);
  return 0;
}

async function writeShipped(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'roster-1200.xlsx'), await rosterWorkbook(rosterRows(SHIPPED_STUDENTS)));
  const faulty = faultyRows().map(({ row }) => row);
  writeFileSync(
    join(folder, 'roster-13-errors.xlsx'),
    await rosterWorkbook([...rosterRows(RIGHT_ROWS), ...faulty]),
  );
  await writeRosterCsv(join(folder, 'roster-gb18030.csv'), SHIPPED_STUDENTS, 'gb18030');
}

function fail(message: string): number {
  process.stderr.write(message);
  return 2;
}

process.exitCode = await main();
