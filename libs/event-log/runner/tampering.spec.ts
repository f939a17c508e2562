import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { till } from '#libs/testing/till.js';
import { verifyLog, type VerifyReport } from './index.js';

/** A stored record begins with the CRC-32 of everything after it. */
const CRC_BYTES = 4;

describe('verifyLog on a tampered data file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-tamper-'));
    file = join(folder, 'events.db');
    const runtime = systemRuntime();
    const log = await SqliteEventLog.open({ file }, runtime);
    const store = tillWorld({ log, runtime }).store();
    for (const id of ['1', '2']) {
      await store.run(till, id, { kind: 'open', limitFen: 1_000n }, contextOf(`open ${id}`));
      await store.run(till, id, { kind: 'deposit', amountFen: 140n, times: 3 }, contextOf(`pay ${id}`));
    }
    await log.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Exchanges text of the same length in the stored record of one event. */
  function tamper(position: number, from: string, to: string, repairChecksum: boolean): void {
    const database = new DatabaseSync(file);
    const row = database.prepare('SELECT body FROM events WHERE position = ?').get(position);
    const body = Buffer.from(row!['body'] as Uint8Array);
    const at = body.indexOf(from, CRC_BYTES, 'latin1');
    expect(at).toBeGreaterThan(0);
    body.write(to, at, 'latin1');
    if (repairChecksum) body.writeUInt32LE(crc32(body.subarray(CRC_BYTES)), 0);
    database.prepare('UPDATE events SET body = ? WHERE position = ?').run(body, position);
    database.close();
  }

  async function verified(): Promise<VerifyReport> {
    const log = await SqliteEventLog.open({ file }, systemRuntime());
    try {
      return await verifyLog(log);
    } finally {
      await log.close();
    }
  }

  it('passes the file as it was written', async () => {
    expect(await verified()).toMatchObject({ events: 8, streams: 2, firstBad: undefined });
  });

  it('names the event whose amount, actor or hash was changed, however well the file was mended', async () => {
    const why = 'its hash does not fit its content and the event before it';
    tamper(7, '"140"', '"149"', true);
    expect((await verified()).firstBad).toEqual({ stream: 'till-2', revision: 2, position: '7', why });
    tamper(3, '"account-1"', '"account-2"', true);
    expect((await verified()).firstBad).toEqual({ stream: 'till-1', revision: 2, position: '3', why });
    tamper(1, '"hash":"', '"hasH":"', true);
    expect((await verified()).firstBad).toEqual({
      stream: 'till-1',
      revision: 0,
      position: '1',
      why: 'it carries no hash',
    });
  });

  it('leaves careless damage to the checksum of the store', async () => {
    tamper(7, '"140"', '"149"', false);
    await expect(verified()).rejects.toThrow(LogDamaged);
  });
});
