import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parseInstant } from '#libs/kernel/time/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import {
  TOMBSTONE_REVISION,
  openLogEngine,
  type LogEngine,
  type RawEvent,
  type RawEventToAppend,
} from './index.js';

function event(type = 'Noted.v1', data: Uint8Array | string = '{}'): RawEventToAppend {
  return {
    id: randomUUID(),
    type,
    contentType: typeof data === 'string' ? 'json' : 'binary',
    data,
    metadata: '',
  };
}

function metadata(text: string): RawEventToAppend {
  return event('$metadata', text);
}

const placesOf = (events: readonly RawEvent[]): string[] =>
  events.map(({ stream, revision }) => `${stream}@${revision}`);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('retention and deletion in the engine', () => {
  const folder = temporaryFolder();
  const runtime = manualRuntime();
  let engine: LogEngine;
  let count = 0;
  const stream = (): string => `s${(count += 1)}`;
  const append = (name: string, events: readonly RawEventToAppend[], expected: 'any' | number = 'any') =>
    engine.append({ stream: name, expected, events });

  beforeAll(async () => {
    engine = await openLogEngine({ file: folder.file('events.sqlite') }, runtime);
  });
  afterAll(async () => {
    await engine.close();
    folder[Symbol.dispose]();
  });

  it('obeys metadata written as events, keeps what is custom in it, and one event per metadata stream', async () => {
    const name = stream();
    await append(name, [event(), event(), event()]);
    await append(`$$${name}`, [metadata('{"owner":"bursar","$maxCount":2}')]);
    await append(`$$${name}`, [metadata('{"owner":"clerk","$maxCount":1}')]);
    const page = await engine.readStream({ stream: name, direction: 'forwards', from: 'start' });
    expect(page.kind === 'page' && placesOf(page.events)).toEqual([`${name}@2`]);
    const meta = await engine.readStream({ stream: `$$${name}`, direction: 'forwards', from: 'start' });
    expect(meta.kind === 'page' && meta.events.map(({ revision, data }) => [revision, textOf(data)])).toEqual(
      [[1, '{"owner":"clerk","$maxCount":1}']],
    );
    await append(`$$${name}`, [metadata('no json')]);
    const plain = await engine.readStream({ stream: name, direction: 'forwards', from: 'start' });
    expect(plain.kind === 'page' && plain.events).toHaveLength(3);
  });

  it('drops events past $maxAge by the clock it was given', async () => {
    const name = stream();
    const now = runtime.clock.now();
    await append(`$$${name}`, [metadata('{"$maxAge":60}')]);
    await append(name, [event(), event()]);
    runtime.setNow(parseInstant('2026-09-01T00:01:00.000Z'));
    await append(name, [event()]);
    runtime.setNow(parseInstant('2026-09-01T00:01:00.001Z'));
    for (const direction of ['forwards', 'backwards'] as const) {
      const from = direction === 'forwards' ? 'start' : 'end';
      const page = await engine.readStream({ stream: name, direction, from });
      expect(page.kind === 'page' && [placesOf(page.events), page.next]).toEqual([[`${name}@2`], undefined]);
    }
    runtime.setNow(parseInstant('2026-09-01T00:02:30.000Z'));
    expect(await engine.readStream({ stream: name, direction: 'forwards', from: 'start' })).toMatchObject({
      events: [],
      next: undefined,
    });
    runtime.setNow(now);
  });

  it('keeps the numbering over a soft delete, by $tb as EventStoreDB writes it', async () => {
    const name = stream();
    await append(name, [event(), event()]);
    expect(await engine.deleteStream(name, 0)).toEqual({ kind: 'conflict', actual: 1 });
    expect(await engine.deleteStream(name, 1)).toMatchObject({ kind: 'ok', position: engine.lastPosition() });
    const deleted = await engine.readEvent(`$$${name}`, 0);
    expect([deleted!.type, textOf(deleted!.data)]).toEqual(['$metadata', '{"$tb":9223372036854775807}']);
    expect(await engine.readStream({ stream: name, direction: 'forwards', from: 'start' })).toEqual({
      kind: 'not-found',
    });
    expect(await engine.append({ stream: name, expected: 'stream-exists', events: [event()] })).toEqual({
      kind: 'deleted',
    });
    expect(await engine.append({ stream: name, expected: 'no-stream', events: [event()] })).toMatchObject({
      revision: 2,
    });
    expect(textOf((await engine.readEvent(`$$${name}`, 1))!.data)).toBe('{"$tb":2}');
  });

  it('does not bring deleted events back when metadata is written after the deletion', async () => {
    const name = stream();
    await append(name, [event(), event()]);
    await engine.deleteStream(name, 'any');
    await append(`$$${name}`, [metadata('{"owner":"bursar"}')]);
    const page = await engine.readStream({ stream: name, direction: 'forwards', from: 'start' });
    expect(page.kind === 'page' && page.events).toEqual([]);
    const meta = await engine.readStream({ stream: `$$${name}`, direction: 'backwards', from: 'end' });
    expect(meta.kind === 'page' && textOf(meta.events[0]!.data)).toBe('{"owner":"bursar","$tb":2}');
  });

  it('ends a tombstoned stream with an event, and its metadata with it', async () => {
    const name = stream();
    await append(name, [event()]);
    expect(await engine.tombstoneStream(name, 3)).toEqual({ kind: 'conflict', actual: 0 });
    expect(await engine.tombstoneStream(name, 'any')).toMatchObject({ kind: 'ok' });
    expect(await engine.readStream({ stream: name, direction: 'backwards', from: 'end' })).toEqual({
      kind: 'tombstoned',
    });
    const last = await engine.readAll({ direction: 'backwards', from: 'end', limit: 1 });
    expect([last.events[0]!.type, last.events[0]!.revision]).toEqual(['$streamDeleted', TOMBSTONE_REVISION]);
    expect(await append(`$$${name}`, [metadata('{}')])).toEqual({ kind: 'tombstoned' });
    expect(await engine.deleteStream(name, 'any')).toEqual({ kind: 'tombstoned' });
  });
});
