/** Baseline of `issue`: the event log engine alone, given events as large as the product's, and csv-parse alone. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { EventToAppend } from '#libs/event-log/port/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { inFlight } from '../../harness/in-flight.js';
import { answerParent } from '../../process/answer.js';

export interface AppendOrder {
  readonly count: number;
  readonly inFlight: number;
  /** Stored type, data and metadata of the events of every append. */
  readonly events: readonly Pick<EventToAppend, 'type' | 'data' | 'metadata'>[];
}

const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-engine-'));
const log = await SqliteEventLog.open({ file: join(folder, 'events.db') }, systemRuntime());

/** One append to each of so many new streams; milliseconds. */
async function append({ count, inFlight: width, events }: AppendOrder): Promise<number> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const startedMs = performance.now();
  await inFlight(count, width, async (index) => {
    const own = events.map((event) => ({ ...event, id: randomUUID() }));
    await log.append(`bill-${ids[index]}`, 'no-stream', own);
  });
  return performance.now() - startedMs;
}

/** Rows of the file, as records by header; milliseconds. */
function parseCsv(content: Uint8Array): { readonly rows: number; readonly durationMs: number } {
  const startedMs = performance.now();
  const records = parse(Buffer.from(content), { columns: true, bom: true });
  return { rows: records.length, durationMs: performance.now() - startedMs };
}

answerParent({ append, parse: parseCsv }, async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});
