import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import {
  openLogEngine,
  type Appended,
  type LogEngine,
  type RawEvent,
  type RawEventToAppend,
  type RawFilter,
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

describe('LogEngine', () => {
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

  async function all(filter: RawFilter): Promise<string[]> {
    const page = await engine.readAll({
      direction: 'forwards',
      from: 'start',
      limit: 10_000,
      filter,
      scanLimit: 100_000,
    });
    return placesOf(page.events);
  }

  it('takes up appends in the order it is handed them, and none behind one that was refused', async () => {
    const name = stream();
    await append(name, [event()]);
    const handed = Array.from({ length: 299 }, (_, index) => append(name, [event()], index));
    expect((await Promise.all(handed)).map((outcome) => outcome.kind === 'ok' && outcome.revision)).toEqual(
      Array.from({ length: 299 }, (_, index) => index + 1),
    );
    const refused = await Promise.all([
      append(name, [event('Large.v1', 'x'.repeat(1_100_000))], 299),
      append(name, [event()], 300),
      append(name, [event()], 301),
    ]);
    expect(refused).toEqual([
      { kind: 'too-large', sizeBytes: expect.any(Number), limitBytes: 1_048_576 },
      { kind: 'conflict', actual: 299 },
      { kind: 'conflict', actual: 299 },
    ]);
  });

  it('keeps bytes, text and content types apart', async () => {
    const name = stream();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await append(name, [
      { ...event('B.v1', bytes), metadata: Uint8Array.of(0, 255) },
      { ...event('J.v1', '{"学":1}'), metadata: '元' },
      { ...event('E.v1', ''), contentType: 'binary' },
    ]);
    const page = await engine.readStream({ stream: name, direction: 'forwards', from: 'start' });
    expect(
      page.kind === 'page' &&
        page.events.map(({ type, contentType, data, metadata: meta }) => [
          type,
          contentType,
          [...data],
          [...meta],
        ]),
    ).toEqual([
      ['B.v1', 'binary', [...bytes], [0, 255]],
      ['J.v1', 'json', [...Buffer.from('{"学":1}')], [...Buffer.from('元')]],
      ['E.v1', 'binary', [], []],
    ]);
  });

  it('decides each append of a batch by itself', async () => {
    const [one, two] = [stream(), stream()];
    const first = event();
    await append(one, [first]);
    const before = engine.lastPosition();
    const outcomes = await engine.appendBatch([
      { stream: two, expected: 'no-stream', events: [event(), event()] },
      { stream: one, expected: 5, events: [event()] },
      { stream: one, expected: 'no-stream', events: [first] },
      { stream: two, expected: 1, events: [event()] },
      { stream: two, expected: 'any', events: [event('X.v1', 'x'.repeat(1_048_577))] },
      { stream: two, expected: 2, events: [] },
      { stream: stream(), expected: 'any', events: [] },
    ]);
    expect(outcomes).toEqual([
      { kind: 'ok', revision: 1, position: before + 2, replayed: false },
      { kind: 'conflict', actual: 0 },
      { kind: 'ok', revision: 0, position: before, replayed: true },
      { kind: 'ok', revision: 2, position: before + 3, replayed: false },
      { kind: 'too-large', sizeBytes: 1_048_585, limitBytes: 1_048_576 },
      { kind: 'ok', revision: 2, position: before + 3, replayed: false },
      { kind: 'ok', revision: -1, position: before + 3, replayed: false },
    ]);
  });

  it('tells listeners of each durable group, before its appends resolve', async () => {
    const seen: (Appended | 'resolved')[] = [];
    const stop = engine.onAppended((appended) => seen.push(appended));
    const [one, two] = [stream(), stream()];
    const outcomes = [append(one, [event()]), append(two, [event()]), append(one, [event()], 7)];
    await Promise.all(outcomes.map((outcome) => outcome.then(() => seen.push('resolved'))));
    stop();
    await append(one, [event()]);
    expect(seen).toEqual([
      { lastPosition: engine.lastPosition() - 1, streams: new Set([one, two]) },
      'resolved',
      'resolved',
      'resolved',
    ]);
  });

  it('bounds pages by bytes, with at least one event', async () => {
    const name = stream();
    await append(
      name,
      Array.from({ length: 6 }, () => event('L.v1', 'x'.repeat(1_000))),
    );
    const page = await engine.readStream({ stream: name, direction: 'forwards', from: 1, maxBytes: 2_300 });
    expect(page).toMatchObject({ kind: 'page', next: 3, lastRevision: 5 });
    expect(page.kind === 'page' && placesOf(page.events)).toEqual([`${name}@1`, `${name}@2`]);
    const tiny = await engine.readStream({ stream: name, direction: 'backwards', from: 'end', maxBytes: 1 });
    expect(tiny).toMatchObject({ kind: 'page', next: 4 });
    const everywhere = await engine.readAll({ direction: 'backwards', from: 'end', maxBytes: 2_300 });
    expect(everywhere.events).toHaveLength(2);
    expect(everywhere.next).toBe(engine.lastPosition() - 2);
  });

  it('filters by prefixes, types and regular expressions', async () => {
    const name = stream();
    await append(`${name}-a`, [event('F.Issued.v1'), event('F.Paid.v1')]);
    await append(`${name}-b`, [event('F.Paid.v2')]);
    await append(`$${name}`, [event('F.Paid.v1')]);
    await append(`${name}-c`, [event('$f')]);
    expect(await all({ streamPrefixes: [`${name}-a`, `$${name}`] })).toEqual([
      `${name}-a@0`,
      `${name}-a@1`,
      `$${name}@0`,
    ]);
    expect(await all({ streamRegex: `^${name}-[bc]$` })).toEqual([`${name}-b@0`, `${name}-c@0`]);
    expect(await all({ typePrefixes: ['F.Paid'] })).toEqual([`${name}-a@1`, `${name}-b@0`, `$${name}@0`]);
    expect(await all({ typeRegex: '^F\\.(Issued|Paid)\\.v1$', excludeSystemStreams: true })).toEqual([
      `${name}-a@0`,
      `${name}-a@1`,
    ]);
    expect(await all({ streamPrefixes: [name], excludeSystemTypes: true })).toEqual([
      `${name}-a@0`,
      `${name}-a@1`,
      `${name}-b@0`,
    ]);
    expect(await all({ types: ['F.Paid.v2', '$f'], streamPrefixes: [`${name}-b`] })).toEqual([`${name}-b@0`]);
    await expect(all({ streamRegex: '(' })).rejects.toThrow(SyntaxError);
  });

  it('says how far a filtered page has looked', async () => {
    const name = stream();
    await append(
      name,
      Array.from({ length: 50 }, () => event('Dull.v1')),
    );
    const last = engine.lastPosition();
    const types = [`Never${name}.v1`];
    const from = last - 49;
    const page = await engine.readAll({ direction: 'forwards', from, filter: { types }, scanLimit: 20 });
    expect(page).toEqual({ events: [], scannedTo: from + 19, next: from + 20 });
    const rest = await engine.readAll({
      direction: 'forwards',
      from: from + 20,
      filter: { types },
      scanLimit: 1_000,
    });
    expect(rest).toEqual({ events: [], scannedTo: last, next: undefined });
    const back = await engine.readAll({
      direction: 'backwards',
      from: 'end',
      filter: { types },
      scanLimit: 20,
    });
    expect(back).toEqual({ events: [], scannedTo: last - 19, next: last - 20 });
    expect(await engine.readAll({ direction: 'forwards', from: 'end' })).toEqual({
      events: [],
      scannedTo: last,
      next: undefined,
    });
    expect(await engine.readAll({ direction: 'backwards', from: 'start' })).toEqual({
      events: [],
      scannedTo: 0,
      next: undefined,
    });
  });

  it('reads one event by its place, though the stream has been truncated or deleted', async () => {
    const name = stream();
    await append(name, [event('One.v1', '1'), event('Two.v1', '2')]);
    await append(`$$${name}`, [metadata('{"$tb":2}')]);
    expect(textOf((await engine.readEvent(name, 1))!.data)).toBe('2');
    await engine.deleteStream(name, 'any');
    expect(textOf((await engine.readEvent(name, 0))!.data)).toBe('1');
    expect(await engine.readEvent(name, 2)).toBeUndefined();
    expect(await engine.readEvent(stream(), 0)).toBeUndefined();
  });

  it('lists streams in the order of their first append, from either end', async () => {
    const names = [stream(), stream(), stream()];
    for (const name of names) await append(name, [event()]);
    const last = await engine.listStreams({ order: 'last', limit: 2 });
    expect(last.map((entry) => entry.stream)).toEqual([names[2], names[1]]);
    const more = await engine.listStreams({ order: 'last', after: last[1]!.cursor, limit: 1 });
    expect(more.map((entry) => entry.stream)).toEqual([names[0]]);
    const first = await engine.listStreams({ order: 'first', after: more[0]!.cursor, limit: 5 });
    expect(first.map((entry) => entry.stream)).toEqual([names[1], names[2]]);
  });
});
