import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EventLog } from '#libs/event-log/port/index.js';
import { LogFileUnusable, SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { dataDirOf, type Io, UsageError } from './command.js';

/** Name of the embedded log in the data folder. */
export const LOG_FILE = 'events.db';

interface LogPlace {
  readonly 'data-dir'?: string;
  readonly 'eventstore-url'?: string;
}

/**
 * Opens the log that is there, never a new one. `--data-dir` wins over an SLUICE_EVENTSTORE_URL of the environment.
 *
 * @throws UsageError when there is none, or another process has it open
 */
export async function openExistingLog(values: LogPlace, io: Io): Promise<EventLog> {
  const url =
    values['eventstore-url'] ??
    (values['data-dir'] === undefined ? io.env['SLUICE_EVENTSTORE_URL'] : undefined);
  const runtime = systemRuntime();
  if (url !== undefined) {
    // Loads gRPC, which nobody with an embedded log should wait for.
    const { EventStoreDbEventLog } = await import('#libs/event-log/eventstoredb/index.js');
    return new EventStoreDbEventLog({ connectionString: url });
  }
  const file = resolve(join(dataDirOf(values, io), LOG_FILE));
  if (!existsSync(file)) {
    throw new UsageError(
      `There is no event log at ${file}; name its folder with --data-dir.\n找不到事件日志，请用 --data-dir 指定数据目录。`,
    );
  }
  try {
    return await SqliteEventLog.open({ file }, runtime);
  } catch (error) {
    if (!(error instanceof LogFileUnusable)) throw error;
    throw new UsageError(
      `${error.message}\nStop the server first, or work on a copy of the folder. 数据文件正被其他进程使用：请先停止服务，或使用数据目录的副本。`,
    );
  }
}

/** Opens, works, closes, whatever happens. */
export async function withLog<Result>(
  values: LogPlace,
  io: Io,
  work: (log: EventLog) => Promise<Result>,
): Promise<Result> {
  const log = await openExistingLog(values, io);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
