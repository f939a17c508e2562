import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { BillsAsOfNow, FeeItemsOf } from '#libs/billing/contract/index.js';
import { diskFileStore } from '#libs/files/disk/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { spreadsheetReader, xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { memorySubjectKeys } from '#libs/testing/memory-subject-keys.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { bursar, SCHOOL, TENANT } from '#libs/testing/tuition-program.js';
import { csvLine, HEADER, rosterRow } from '#libs/testing/roster.js';
import { TuitionEnvironment } from '../environment.js';
import { checkRoster } from './check-roster.js';

/** A million on demand: SLUICE_ROSTER_ROWS=1000000. */
const ROWS = Number(process.env['SLUICE_ROSTER_ROWS'] ?? 60_000);
const MEBIBYTE = 1024 * 1024;
/** Two tables of 64-bit keys grow with the rows, about 50 bytes each; a row kept as an object would take over 1,000. */
const BOUND_BYTES = 32 * MEBIBYTE + ROWS * 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Every hundredth row lacks its name. */
async function* roster(): AsyncGenerator<Uint8Array> {
  let text = csvLine(HEADER);
  for (let number = 1; number <= ROWS; number += 1) {
    text += csvLine(number % 100 === 0 ? rosterRow(number).with(3, '') : rosterRow(number));
    if (text.length < 200_000 && number < ROWS) continue;
    yield Buffer.from(text);
    text = '';
  }
}

/** Real files, spreadsheets and keys; billing and the log answer that nothing is known, so that only the check counts. */
async function environment(folder: string): Promise<TuitionEnvironment> {
  const runtime = systemRuntime();
  const files = await diskFileStore({ directory: folder, ids: runtime.ids });
  const item = { id: 'f-1', organisationId: SCHOOL, code: 'TUITION', name: '学费', retired: false };
  const queries = {
    execute: async (query: unknown) =>
      query instanceof FeeItemsOf
        ? [item]
        : query instanceof BillsAsOfNow
          ? new Map()
          : { items: [], hasNextPage: false },
  };
  const ports = {
    files: { ...files, get: async (id: string) => (id === 'upload' ? roster() : files.get(id)) },
    keys: memorySubjectKeys(runtime.rng),
    store: { load: async () => ({ state: { status: 'absent' }, revision: -1 }) },
    runtime,
  };
  return new TuitionEnvironment({ queries } as never, ports as never, spreadsheetReader(), xlsxWriter);
}

describe('a very long roster', () => {
  it(`is checked in bounded memory: ${ROWS} rows`, async () => {
    using folder = temporaryFolder();
    const world = await environment(folder.path);
    const before = usedBytes();
    let most = 0;
    let reports = 0;
    const outcome = await checkRoster(world, {
      state: { importId: 'i-1', tenant: TENANT, organisationId: SCHOOL, uploadId: 'upload' } as never,
      context: bursar(),
      staging: world.staging('i-1' as never, '019c0000-0000-7000-8000-000000000001'),
      signal: new AbortController().signal,
      progress: async () => {
        reports += 1;
        if (reports % 25 === 0) most = Math.max(most, usedBytes() - before);
      },
    });
    expect(outcome.preview).toMatchObject({
      rows: ROWS,
      faulty: Math.floor(ROWS / 100),
      added: ROWS - Math.floor(ROWS / 100),
    });
    expect(reports).toBeGreaterThanOrEqual(ROWS / 1_000);
    if (process.env['SLUICE_ROSTER_ROWS'])
      process.stderr.write(`at most ${Math.round(most / MEBIBYTE)} MiB\n`);
    expect(most).toBeLessThan(BOUND_BYTES);
  }, 600_000);
});
