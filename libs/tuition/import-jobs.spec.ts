import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BillTotalsOf } from '#libs/billing/contract/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { FilesUnavailable } from '#libs/files/port/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { instantFromEpochMs } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { checkedImport, importNow, startImport } from '#libs/testing/roster-files.js';
import { csvLine, HEADER, rosterRow } from '#libs/testing/roster.js';
import {
  bursar,
  defineFeeItems,
  SCHOOL,
  TENANT,
  tuitionDisk,
  tuitionProgram,
  type TuitionDisk,
  type TuitionProgram,
} from '#libs/testing/tuition-program.js';
import { importIdFor } from './application/ids.js';
import { CancelImport, ImportRowErrors, PublishImport, type ImportView } from './contract/index.js';

const ROWS = 1_200;
const ROSTER = Buffer.from(
  csvLine(HEADER) + Array.from({ length: ROWS }, (_, index) => csvLine(rosterRow(index + 1))).join(''),
);
const NEVER = new Promise<never>(() => undefined);

/** A log of which a process sees nothing more after `appends` appends: the last one is stored, its answer never comes. */
function frozenAfter(
  log: EventLog,
  appends: number,
): { readonly log: EventLog; readonly frozen: Promise<void> } {
  let count = 0;
  let freeze: () => void;
  const frozen = new Promise<void>((resolve) => (freeze = resolve));
  const append: EventLog['append'] = async (...args) => {
    count += 1;
    if (count > appends) return NEVER;
    const result = await log.append(...args);
    if (count < appends) return result;
    freeze();
    return NEVER;
  };
  return {
    frozen,
    log: new Proxy(log, { get: (target, key) => (key === 'append' ? append : bound(target, key)) }),
  };
}

function bound(target: EventLog, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

/** A clock by which every report of progress is due. */
function hurriedRuntime(): Runtime {
  const runtime = systemRuntime();
  let nowMs = 0;
  return { ...runtime, clock: { now: runtime.clock.now, monotonicMs: () => (nowMs += 300) } };
}

async function eventsOfType(disk: TuitionDisk, type: string): Promise<number> {
  let count = 0;
  for await (const page of disk.log.readAll({ filter: { types: [`${type}.v1`] } })) count += page.length;
  return count;
}

async function filesOf(disk: TuitionDisk): Promise<readonly string[]> {
  return (await readdir(disk.folder.file('files'))).filter((name) => name !== '.incoming');
}

async function resumed(disk: TuitionDisk): Promise<TuitionProgram> {
  const program = await tuitionProgram(disk);
  await program.consumers.caughtUp();
  await program.jobs.sweep();
  await program.settled();
  return program;
}

async function withDisk(act: (disk: TuitionDisk) => Promise<void>): Promise<void> {
  const disk = tuitionDisk();
  try {
    await act(disk);
  } finally {
    disk.folder[Symbol.dispose]();
  }
}

async function publish(program: TuitionProgram, id: ImportView['id']) {
  return program.run(new PublishImport(bursar(), { idempotencyKey: 'publish', importId: id }));
}

describe('import jobs', () => {
  // Appends of a published import: 1 request, 1,200 bills, 1,200 students, some progress, 1 end.
  it.each([2, 700, 1_900, 2_402])('publishes everything once when killed at append %i', async (appends) =>
    withDisk(async (disk) => {
      const before = await tuitionProgram(disk);
      await defineFeeItems(before);
      const { id } = await checkedImport(before, ROSTER);
      await before.stop();

      const frozen = frozenAfter(disk.log, appends);
      const killed = await tuitionProgram(disk, { log: frozen.log, runtime: hurriedRuntime() });
      void publish(killed, id);
      await frozen.frozen;
      await killed.kill();

      const program = await resumed(disk);
      expect(await importNow(program, id)).toMatchObject({
        state: 'PUBLISHED',
        result: { issued: ROWS, amended: 0, unchanged: 0, refused: 0 },
      });
      expect(await eventsOfType(disk, 'BillIssued')).toBe(ROWS);
      expect(await eventsOfType(disk, 'BillAmended')).toBe(0);
      expect(await eventsOfType(disk, 'StudentEnrolled')).toBe(ROWS);
      expect(await eventsOfType(disk, 'StudentDetailsAmended')).toBe(0);
      expect(await eventsOfType(disk, 'ImportPublished')).toBe(1);
      const totals = await program.ask(new BillTotalsOf(bursar(), SCHOOL, {}));
      expect(totals).toMatchObject({ count: ROWS, billed: money(CNY, 120000n * BigInt(ROWS)) });
      expect(await filesOf(disk)).toEqual([]);
      await program.stop();
    }),
  );

  it.each([1, 2, 3])('checks to the end when killed at append %i of the check', async (appends) =>
    withDisk(async (disk) => {
      const before = await tuitionProgram(disk);
      await defineFeeItems(before);
      await before.stop();
      const frozen = frozenAfter(disk.log, appends);
      const killed = await tuitionProgram(disk, { log: frozen.log, runtime: hurriedRuntime() });
      void startImport(killed, ROSTER, { idempotencyKey: 'one' });
      await frozen.frozen;
      await killed.kill();

      const program = await resumed(disk);
      const started = await eventsOfType(disk, 'ImportStarted');
      expect(started).toBe(1);
      const view = await importNow(program, importIdFor(TENANT, SCHOOL, 'one'));
      expect(view).toMatchObject({ state: 'CHECKED', preview: { rows: ROWS, valid: ROWS, added: ROWS } });
      await program.stop();
    }),
  );

  it('stops a file that takes the process down each time', async () =>
    withDisk(async (disk) => {
      const before = await tuitionProgram(disk);
      await defineFeeItems(before);
      await before.stop();
      let started: Promise<unknown> | undefined;
      for (let attempt = 0; attempt < 5; attempt += 1) {
        // The start of the import, then its check is begun and never ends.
        const frozen = frozenAfter(disk.log, started ? 1 : 2);
        const killed = await tuitionProgram(disk, { log: frozen.log });
        started ??= startImport(killed, ROSTER, { idempotencyKey: 'one' });
        await killed.consumers.caughtUp();
        void killed.jobs.sweep();
        await frozen.frozen;
        await killed.kill();
      }
      const { id } = (await started) as ImportView;
      const program = await resumed(disk);
      expect(await importNow(program, id)).toMatchObject({
        state: 'FAILED',
        failure: { code: 'IMPORT_CHECK_KEEPS_BREAKING' },
      });
      expect(await filesOf(disk)).toEqual([]);
      await program.stop();
    }));

  it('tries again when the storage was away', async () =>
    withDisk(async (disk) => {
      let failures = 2;
      const program = await tuitionProgram(disk, {
        files: (files) => ({
          ...files,
          put: (id, content, maxBytes) => {
            if (id.startsWith('staged-') && failures > 0) {
              failures -= 1;
              throw new FilesUnavailable('ENOSPC');
            }
            return files.put(id, content, maxBytes);
          },
        }),
      });
      await defineFeeItems(program);
      const { id } = await startImport(program, ROSTER);
      await program.settled();
      expect((await importNow(program, id)).state).toBe('CHECKING');
      program.jobs.wake(id);
      await program.settled();
      program.jobs.wake(id);
      await program.settled();
      expect(await importNow(program, id)).toMatchObject({ state: 'CHECKED', preview: { valid: ROWS } });
      expect(failures).toBe(0);
      await program.stop();
    }));

  it('stops when cancelled and leaves nothing lying about', async () =>
    withDisk(async (disk) => {
      const program = await tuitionProgram(disk);
      await defineFeeItems(program);
      const { id } = await startImport(program, ROSTER);
      expect(await program.run(new CancelImport(bursar(), id))).toMatchObject({
        accepted: true,
        value: { state: 'CANCELLED' },
      });
      await program.settled();
      expect(await importNow(program, id)).toMatchObject({ state: 'CANCELLED' });
      expect(await filesOf(disk)).toEqual([]);
      const checked = await checkedImport(program, ROSTER);
      expect((await filesOf(disk)).length).toBeGreaterThan(0);
      await program.run(new CancelImport(bursar(), checked.id));
      await program.settled();
      expect(await filesOf(disk)).toEqual([]);
      expect(await publish(program, checked.id)).toMatchObject({
        accepted: false,
        rejection: { code: 'IMPORT_CANCELLED' },
      });
      await program.stop();
    }));

  it('keeps faulty rows for thirty days after publishing, then nothing', async () =>
    withDisk(async (disk) => {
      let aheadMs = 0;
      const runtime = systemRuntime();
      const clock = { ...runtime.clock, now: () => instantFromEpochMs(Date.now() + aheadMs) };
      const program = await tuitionProgram(disk, { runtime: { ...runtime, clock } });
      await defineFeeItems(program);
      const bad = csvLine(rosterRow(2_000).with(3, ''));
      const { id } = await checkedImport(program, Buffer.concat([ROSTER, Buffer.from(bad)]));
      for (const name of await filesOf(disk)) {
        const text = readFileSync(join(disk.folder.file('files'), name), 'latin1');
        // The upload itself aside, nothing on the disk shows a student.
        if (name.startsWith('staged-')) expect(text).not.toContain('2026000001');
      }
      await publish(program, id);
      await program.settled();
      const errors = async () =>
        (await program.ask(new ImportRowErrors(bursar(), id, { first: 9 })))!.totalCount;
      const kept = await filesOf(disk);
      expect(kept.map((name) => name.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, ''))).toEqual([
        'staged--faults-0',
        'staged--index',
      ]);
      aheadMs = 30 * 86_400_000 - 60_000;
      await program.jobs.sweep();
      await program.settled();
      expect(await errors()).toBe(1);
      aheadMs = 30 * 86_400_000 + 60_000;
      await program.jobs.sweep();
      await program.settled();
      expect(await filesOf(disk)).toEqual([]);
      expect(await errors()).toBe(0);
      await program.stop();
    }));
});
