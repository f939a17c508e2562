import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { appendFileSync, copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LogDamaged } from '#libs/event-log/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closeAfterEach } from '#libs/testing/close-after-each.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { LogFileUnusable, openLogEngine, type LogEngine } from './index.js';

const runtime = systemRuntime();

async function append(engine: LogEngine, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const event = {
      id: randomUUID(),
      type: 'Noted.v1',
      contentType: 'json' as const,
      data: '{"a":"学"}',
      metadata: '{}',
    };
    await engine.append({
      stream: `note-${index % 7}`,
      expected: 'any',
      events: [event, { ...event, id: randomUUID() }],
    });
  }
}

async function foundLog(file: string, appends = 50): Promise<void> {
  const engine = await openLogEngine({ file }, runtime);
  await append(engine, appends);
  await engine.close();
}

describe('opening a data file', () => {
  const closing = closeAfterEach();

  it('lets one owner in, and tells the other who it is', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const owner = closing(await openLogEngine({ file }, runtime));
    const refused = openLogEngine({ file }, runtime);
    await expect(refused).rejects.toThrow(LogFileUnusable);
    await expect(refused).rejects.toThrow(`is in use by process ${process.pid}`);
    await append(owner, 1);
    await owner.close();
    const next = closing(await openLogEngine({ file }, runtime));
    expect(next.lastPosition()).toBe(2);
    await next.close();
  });

  it('leaves files of others untouched', async () => {
    using folder = temporaryFolder();
    const text = folder.file('notes.txt');
    writeFileSync(text, 'this is no database\n'.repeat(100));
    const before = readFileSync(text);
    await expect(openLogEngine({ file: text }, runtime)).rejects.toThrow('is not an event log');
    expect(readFileSync(text).equals(before)).toBe(true);
    const other = folder.file('other.sqlite');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE shopping (item TEXT)');
    database.close();
    const otherBefore = readFileSync(other);
    await expect(openLogEngine({ file: other }, runtime)).rejects.toThrow('not a Sluice event log');
    expect(readFileSync(other).equals(otherBefore)).toBe(true);
  });

  it('refuses a newer format with both numbers', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file, 1);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 2');
    database.close();
    const refused = openLogEngine({ file }, runtime);
    await expect(refused).rejects.toThrow(LogFileUnusable);
    await expect(refused).rejects.toThrow('has format 2, this program knows formats up to 1');
  });

  it('says so when the folder does not exist', async () => {
    using folder = temporaryFolder();
    await expect(openLogEngine({ file: folder.file('missing/events.sqlite') }, runtime)).rejects.toThrow(
      LogFileUnusable,
    );
  });

  it('refuses a file cut short', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file);
    truncateSync(file, readFileSync(file).byteLength - 4_096);
    await expect(openLogEngine({ file }, runtime)).rejects.toThrow(LogDamaged);
  });

  it('refuses a log that has lost its tail since it was closed', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await foundLog(file);
    const database = new DatabaseSync(file);
    database.exec('DELETE FROM events WHERE position > 90');
    database.close();
    const refused = openLogEngine({ file }, runtime);
    await expect(refused).rejects.toThrow(LogDamaged);
    await expect(refused).rejects.toThrow('position 91');
  });
});

describe('the write-ahead log at opening', () => {
  const closing = closeAfterEach();

  /** The two files as a killed process leaves them: taken while it was open. */
  async function killedLog(file: string): Promise<{ readonly frames: number; damage(frame: number): void }> {
    const engine = closing(await openLogEngine({ file: `${file}.source` }, runtime));
    await append(engine, 40);
    copyFileSync(`${file}.source`, file);
    copyFileSync(`${file}.source-wal`, `${file}-wal`);
    await engine.close();
    const wal = readFileSync(`${file}-wal`);
    const frameBytes = 24 + 4_096;
    return {
      frames: Math.floor((wal.byteLength - 32) / frameBytes),
      damage(frame) {
        const at = 32 + (frame - 1) * frameBytes + 24 + 1_000;
        wal.writeUInt8(wal.readUInt8(at) ^ 0x10, at);
        writeFileSync(`${file}-wal`, wal);
      },
    };
  }

  it('is taken over whole', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await killedLog(file);
    const engine = closing(await openLogEngine({ file }, runtime));
    expect(engine.lastPosition()).toBe(80);
    await engine.close();
  });

  it('has a torn tail cut back', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    await killedLog(file);
    appendFileSync(`${file}-wal`, Buffer.alloc(5_000, 7));
    const engine = closing(await openLogEngine({ file }, runtime));
    expect(engine.lastPosition()).toBe(80);
    await engine.close();
  });

  it('has its last transaction cut back when that is torn', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const { damage, frames } = await killedLog(file);
    damage(frames);
    const engine = closing(await openLogEngine({ file }, runtime));
    expect(engine.lastPosition()).toBe(78);
    await engine.close();
  });

  it('is refused when a transaction before the last is damaged', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const { damage, frames } = await killedLog(file);
    damage(Math.floor(frames / 2));
    const refused = openLogEngine({ file }, runtime);
    await expect(refused).rejects.toThrow(LogDamaged);
    await expect(refused).rejects.toThrow(`frame ${Math.floor(frames / 2)} of`);
  });
});
