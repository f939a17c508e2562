import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodePosition } from '#libs/event-log/port/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { SqliteViews } from '#libs/views/sqlite/index.js';
import { ViewedOpenTransfers } from '../../read-model/transfer-queries.js';
import { openTransferTable } from '../../read-model/transfer-tables.js';
import { TransferFinisher } from './transfer-finisher.js';
import type { TransferProcess } from './transfer-process.js';

/** One more than a sweep takes at a time. */
const OPEN = 501;

describe('the finisher of transfers', () => {
  it('comes by every open transfer, however many wait before it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-transfers-'));
    const views = SqliteViews.open({ file: join(folder, 'views.sqlite') });
    await views.define('transfers', 1, [openTransferTable]);
    await views.commit('transfers', encodePosition(1), (writer) => {
      for (let index = 0; index < OPEN; index += 1) {
        // Many with the same moment: the page must not end or begin among them twice.
        const last_step_at = `2026-08-31T00:00:0${index % 2}.000Z`;
        writer.put('open_transfer', { transfer_id: `t${index}`, last_step_at });
      }
    });
    const tried: string[] = [];
    const process: Pick<TransferProcess, 'finishLeftBehind'> = {
      finishLeftBehind(id) {
        tried.push(id);
        return Promise.resolve();
      },
    };
    const finisher = new TransferFinisher(
      new ViewedOpenTransfers(views),
      process as TransferProcess,
      { status: () => [] },
      manualRuntime(),
    );
    await finisher.start();
    await finisher.start();
    await finisher.stop();
    expect(tried).toHaveLength(OPEN);
    expect(new Set(tried).size).toBe(OPEN);
    await views.close();
    rmSync(folder, { recursive: true });
  });
});
