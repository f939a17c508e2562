import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closeAfterEach } from '#libs/testing/close-after-each.js';
import { seededRng } from '#libs/testing/runtime/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { LogFileUnusable, openLogEngine } from './index.js';
import { failureOf, errorOf } from './failure.js';
import { eventsOf } from './page-events.js';
import { Names } from './reader/names.js';
import { AllReader } from './reader/read-all.js';
import { StreamReader } from './reader/read-stream.js';
import { openForWriting, numberOf } from './storage/schema.js';
import { checkStructure } from './storage/structure-check.js';

const runtime = systemRuntime();
const STREAMS = Array.from({ length: 40 }, (_, index) => `bill-${index}`);

async function foundLog(file: string): Promise<void> {
  const engine = await openLogEngine({ file }, runtime);
  const appends = Array.from({ length: 200 }, (_, index) => ({
    stream: STREAMS[(index * 7) % STREAMS.length]!,
    expected: 'any' as const,
    events: Array.from({ length: 1 + (index % 3) }, () => ({
      id: randomUUID(),
      type: `Event${index % 5}.v1`,
      contentType: 'json' as const,
      data: JSON.stringify({ index, text: 'x'.repeat(index % 300) }),
      metadata: '{"actor":"bursar"}',
    })),
  }));
  await engine.appendBatch(appends);
  const metadata = {
    id: randomUUID(),
    type: '$metadata',
    contentType: 'json' as const,
    data: '{"$maxCount":2}',
    metadata: '',
  };
  await engine.append({ stream: '$$bill-3', expected: 'any', events: [metadata] });
  await engine.deleteStream('bill-5', 'any');
  await engine.close();
}

/** Everything readers can see of a file, in this thread: as the workers do it, thousands of times a minute. */
function contentsOf(file: string): string[] {
  const database = openForWriting(file, undefined);
  try {
    checkStructure(database, file);
    const streams = new Names(database, 'streams');
    const types = new Names(database, 'types');
    const all = new AllReader(database, streams, types);
    const single = new StreamReader(database, streams, types);
    const seen: string[] = [`closed at ${numberOf(database, 'SELECT last_position FROM closing')}`];
    const note = (events: ReturnType<typeof eventsOf>): void => {
      for (const event of events) {
        seen.push(
          [
            event.position,
            event.stream,
            event.revision,
            event.id,
            event.type,
            event.dataText(),
            event.metadataText(),
          ].join('|'),
        );
      }
    };
    for (let from: number | undefined = 1; from !== undefined;) {
      const page = all.page({ direction: 'forwards', from, limit: 100 });
      if (page.kind !== 'all') throw new Error(page.kind);
      note(eventsOf(page.frame));
      from = page.next;
    }
    for (const stream of STREAMS) {
      const page = single.page({ stream, direction: 'backwards', from: 'end' }, 0);
      seen.push(`${stream}: ${page.kind}`);
      if (page.kind === 'page') note(eventsOf(page.frame));
    }
    return seen;
  } finally {
    database.close();
  }
}

/** What a damaged copy shows: everything, or a typed refusal. Anything else fails the test. */
function outcomeOf(file: string, whole: string): 'unharmed' | 'refused' | 'silently different' {
  try {
    return contentsOf(file).join('\n') === whole ? 'unharmed' : 'silently different';
  } catch (error) {
    const typed = errorOf(failureOf(error, `file ${file}`));
    const isRefusal = typed instanceof LogDamaged || typed instanceof LogFileUnusable;
    if (!isRefusal) throw error;
    return 'refused';
  }
}

describe('a damaged data file', () => {
  const closing = closeAfterEach();

  it('never yields anything but what was written, wherever a bit is flipped', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file);
    const original = readFileSync(file);
    const whole = contentsOf(file).join('\n');
    const count = Number(process.env['SLUICE_DAMAGE_FLIPS'] ?? 600);
    const offsets =
      count >= original.byteLength
        ? original.keys()
        : Array.from(
            new Uint32Array(seededRng(1).bytes(count * 4).buffer),
            (random) => random % original.byteLength,
          );
    const silent: number[] = [];
    let refused = 0;
    for (const offset of offsets) {
      const copy = Buffer.from(original);
      copy[offset]! ^= 1 << (offset % 8);
      writeFileSync(file, copy);
      const outcome = outcomeOf(file, whole);
      if (outcome === 'silently different') silent.push(offset);
      if (outcome === 'refused') refused += 1;
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    }
    expect(silent).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  }, 600_000);

  it('names the position of a damaged event, and still reads what lies before it', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file);
    const database = new DatabaseSync(file);
    const body = database.prepare('SELECT body FROM events WHERE position = 50').get()!['body'] as Uint8Array;
    body[body.byteLength - 3]! ^= 1;
    database.prepare('UPDATE events SET body = ? WHERE position = 50').run(body);
    database.close();
    const engine = closing(await openLogEngine({ file }, runtime));
    const before = await engine.readAll({ direction: 'forwards', from: 'start', limit: 49 });
    expect(before.events).toHaveLength(49);
    const reading = engine.readAll({ direction: 'forwards', from: 'start' });
    await expect(reading).rejects.toThrow(LogDamaged);
    await expect(reading).rejects.toMatchObject({
      place: 'position 50',
      reason: 'the checksum does not match',
    });
    await engine.close();
  });

  it.each([
    [
      'an event swapped with another',
      'UPDATE events SET body = (SELECT body FROM events WHERE position = 51) WHERE position = 50',
      'position 50',
    ],
    ['a missing event', 'DELETE FROM events WHERE position = 50', 'position 50'],
    [
      'an event moved to another stream',
      'UPDATE events SET stream = 1, revision = 9999 WHERE position = 50',
      'position 50',
    ],
    ['a renamed stream', `UPDATE streams SET name = 'renamed' WHERE key = 1`, 'key 1 of streams'],
    ['a renamed type', `UPDATE types SET name = 'Renamed.v1' WHERE key = 1`, 'key 1 of types'],
  ])('recognises %s', async (_, sql, place) => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file);
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    const engine = closing(await openLogEngine({ file }, runtime));
    const reading = engine.readAll({ direction: 'forwards', from: 'start', limit: 2_000 });
    await expect(reading).rejects.toThrow(LogDamaged);
    await expect(reading).rejects.toMatchObject({ place });
    await engine.close();
  });
});
