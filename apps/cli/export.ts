import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { EventLog, RecordedEvent } from '#libs/event-log/port/index.js';
import { type Command, LOG_OPTIONS, LOG_USAGE } from './command.js';
import { withLog } from './open-log.js';

/**
 * One event as one line, for whoever checks the log without our code. Data and metadata stand as they are stored, personal
 * data sealed; their keys in the stored order, because the hash chain was computed over that text.
 */
export function exportLine(event: RecordedEvent): string {
  const { position, stream, revision, id, type, recordedAt, data, metadata } = event;
  return `${JSON.stringify({ position, stream, revision, id, type, recordedAt, data, metadata })}\n`;
}

/** Writes the whole log in log order; returns the number of events. */
export async function exportLog(
  log: Pick<EventLog, 'readAll'>,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let events = 0;
  for await (const page of log.readAll()) {
    await write(page.map(exportLine).join(''));
    events += page.length;
  }
  return events;
}

export const exportEvents: Command = {
  name: 'export',
  summary: 'write the whole log as NDJSON · 将事件日志导出为 NDJSON',
  usage: `export [options]\n  --out <file>            default: standard output\n${LOG_USAGE}`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { ...LOG_OPTIONS, out: { type: 'string' } } });
    const events = await withLog(values, io, (log) =>
      values.out === undefined ? exportLog(log, (text) => io.write(text)) : exportToFile(log, values.out),
    );
    io.say(`${events} events exported · 已导出 ${events} 个事件`);
    return 0;
  },
};

async function exportToFile(log: Pick<EventLog, 'readAll'>, path: string): Promise<number> {
  const file = createWriteStream(path);
  // `once` rejects when the stream fails, so that a full disk ends the export instead of hanging it.
  const events = await exportLog(log, async (text) => {
    if (!file.write(text)) await once(file, 'drain');
  });
  file.end();
  await finished(file);
  return events;
}
