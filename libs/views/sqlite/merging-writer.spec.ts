import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePosition } from '#libs/event-log/port/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import type { TableDefinition, ViewWriter } from '../port/index.js';
import { MergingWriter } from './merging-writer.js';
import { SqliteViews } from './sqlite-views.js';
import { ViewTable } from './tables.js';

const single: TableDefinition = {
  name: 'single',
  columns: {
    id: 'text',
    note: { type: 'text', nullable: true },
    count: 'integer',
    is_open: 'boolean',
    held_minor: 'minor',
  },
  primaryKey: ['id'],
};
const composite: TableDefinition = {
  name: 'composite',
  columns: { owner: 'text', place: 'integer', balance_minor: 'minor', seen: 'integer' },
  primaryKey: ['owner', 'place'],
};

type Operation = (writer: ViewWriter) => void;

const id = fc.constantFrom('a', 'b', 'c');
const note = fc.constantFrom('x', 'y', null);
const small = fc.integer({ min: -3, max: 3 });
const isOpen = fc.boolean();

const onSingle: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(id, note, small, isOpen).map(
    ([of, text, n, open]): Operation =>
      (w) =>
        w.put('single', { id: of, note: text, count: n, is_open: open, held_minor: BigInt(n) }),
  ),
  fc.tuple(id, note).map(
    ([of, text]): Operation =>
      (w) =>
        w.patch('single', { id: of }, { note: text }),
  ),
  fc.tuple(id, small).map(
    ([of, n]): Operation =>
      (w) =>
        w.patch('single', { id: of }, { count: n }),
  ),
  fc.tuple(note, small).map(
    ([text, n]): Operation =>
      (w) =>
        w.patch('single', { note: text }, { count: n }),
  ),
  fc.tuple(id, id).map(([from, to]): Operation => (w) => {
    w.remove('single', { id: to });
    w.patch('single', { id: from }, { id: to });
  }),
  fc.tuple(id, small).map(
    ([of, n]): Operation =>
      (w) =>
        w.add('single', { id: of }, { count: n, held_minor: BigInt(n) }),
  ),
  fc.tuple(small, small).map(
    ([count, n]): Operation =>
      (w) =>
        w.add('single', { count }, { held_minor: BigInt(n) }),
  ),
  id.map(
    (of): Operation =>
      (w) =>
        w.remove('single', { id: of }),
  ),
  fc.tuple(id, small).map(
    ([of, n]): Operation =>
      (w) =>
        w.remove('single', { id: of, count: n }),
  ),
  fc.tuple(id, isOpen).map(
    ([of, open]): Operation =>
      (w) =>
        w.remove('single', { id: of, is_open: open }),
  ),
  note.map(
    (text): Operation =>
      (w) =>
        w.remove('single', { note: text }),
  ),
);

const place = fc.integer({ min: 0, max: 1 });
const onComposite: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(id, place, small).map(
      ([owner, at, n]): Operation =>
        (w) =>
          w.accumulate('composite', { owner, place: at }, { balance_minor: BigInt(n), seen: 1 }),
    ),
  },
  fc.tuple(id, place, small).map(
    ([owner, at, n]): Operation =>
      (w) =>
        w.put('composite', { owner, place: at, balance_minor: BigInt(n), seen: n }),
  ),
  fc.tuple(id, place).map(
    ([owner, at]): Operation =>
      (w) =>
        w.patch('composite', { place: at, owner }, { seen: 7 }),
  ),
  fc.tuple(id, place).map(
    ([owner, at]): Operation =>
      (w) =>
        w.remove('composite', { owner, place: at }),
  ),
  fc.tuple(id, place).map(
    ([owner, at]): Operation =>
      (w) =>
        w.remove('composite', { owner, place: at, balance_minor: 0n }),
  ),
  place.map(
    (at): Operation =>
      (w) =>
        w.remove('composite', { place: at }),
  ),
);

describe('MergingWriter', () => {
  let merged: SqliteViews;
  let single1: SqliteViews;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(async () => {
    folder = temporaryFolder();
    merged = SqliteViews.open({ file: join(folder.path, 'merged.db') });
    single1 = SqliteViews.open({ file: join(folder.path, 'one-by-one.db') });
    for (const views of [merged, single1]) await views.define('test', 1, [single, composite]);
  });
  afterEach(async () => {
    await Promise.all([merged.close(), single1.close()]);
    folder[Symbol.dispose]();
  });

  it('leaves the tables as if every operation had been written by itself', async () => {
    const operations = fc.array(fc.oneof(onSingle, onComposite), { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(operations, operations, async (before, batch) => {
        for (const views of [merged, single1]) {
          await views.reset('test');
          for (const operation of before) await views.commit('test', encodePosition(1), operation);
        }
        await merged.commit('test', encodePosition(2), (writer) =>
          batch.forEach((operation) => operation(writer)),
        );
        for (const operation of batch) await single1.commit('test', encodePosition(2), operation);
        expect(await contentOf(merged)).toEqual(await contentOf(single1));
      }),
      { numRuns: 150 },
    );
  });

  it('writes a row once however often it is touched', () => {
    const calls: string[] = [];
    const record = (name: string) => (table: string) => void calls.push(`${name} ${table}`);
    const plain: ViewWriter = {
      put: record('put'),
      patch: record('patch'),
      add: record('add'),
      accumulate: record('accumulate'),
      remove: record('remove'),
    };
    const tables = new Map([single, composite].map((table) => [table.name, new ViewTable(table)]));
    const writer = new MergingWriter(plain, tables);
    const row = { id: 'a', note: null, count: 1, is_open: true, held_minor: 5n };
    writer.put('single', row);
    writer.patch('single', { id: 'a' }, { note: 'x' });
    writer.add('single', { id: 'a' }, { count: -1 });
    for (const delta of [5n, -5n, 1n]) {
      writer.accumulate('composite', { owner: 'o', place: 0 }, { balance_minor: delta, seen: 1 });
    }
    writer.put('single', { ...row, id: 'b' });
    writer.remove('single', { id: 'b', count: 1 });
    expect(calls).toEqual([]);
    writer.flush();
    expect(calls).toEqual(['put single', 'remove single', 'accumulate composite']);
  });
});

async function contentOf(views: SqliteViews): Promise<unknown> {
  const database = views.database<{ single: { id: string }; composite: { owner: string; place: number } }>();
  return [
    await database.selectFrom('single').selectAll().orderBy('id').execute(),
    await database.selectFrom('composite').selectAll().orderBy('owner').orderBy('place').execute(),
  ];
}
