import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { describeEventLogContract } from '#libs/testing/contracts/event-log/index.js';
import { SqliteEventLog } from './index.js';

describeEventLogContract('embedded SQLite engine', {
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
    const file = join(folder, 'events.sqlite');
    const runtime = systemRuntime();
    let log = await SqliteEventLog.open({ file }, runtime);
    return {
      log,
      async reopen() {
        await log.close();
        log = await SqliteEventLog.open({ file }, runtime);
        return log;
      },
      async close() {
        await log.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
