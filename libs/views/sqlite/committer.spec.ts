import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePosition } from '#libs/event-log/port/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { ViewsUnavailable, type TableDefinition } from '../port/index.js';
import { Committer } from './committer.js';
import { openForWriting } from './connection.js';
import { StatementNumbers } from './row-writes.js';
import { SqliteViews } from './sqlite-views.js';

const tableOf = (name: string): TableDefinition => ({
  name,
  columns: { id: 'integer', sum_minor: 'minor' },
  primaryKey: ['id'],
});

interface Tables {
  readonly first: { readonly id: number; readonly sum_minor: bigint };
  readonly second: { readonly id: number; readonly sum_minor: bigint };
}

const OWNERS = ['first', 'second'] as const;
/** The largest that SQLite adds to without an overflow. */
const LIMIT = 2n ** 63n - 1n;

describe('commits of any size, asked for at any time', () => {
  it('take effect whole, in order, or not at all', async () => {
    const commit = fc.record({
      owner: fc.constantFrom(...OWNERS),
      rows: fc.integer({ min: 1, max: 12 }),
      isRefused: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
      isAwaited: fc.boolean(),
      isDefinedAgain: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    });
    using folder = temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 25 }), async (commits) => {
        run += 1;
        const views = SqliteViews.open({ file: folder.file(`${run}.sqlite`), largeFrom: 6 });
        for (const owner of OWNERS) await views.define(owner, 1, [tableOf(owner)]);
        const expected = new Map<string, { checkpoint?: string; rows: Map<number, bigint> }>();
        for (const owner of OWNERS) expected.set(owner, { rows: new Map() });
        const underWay: Promise<string>[] = [];
        const outcomes: string[] = [];
        for (const [index, { owner, rows, isRefused, isAwaited, isDefinedAgain }] of commits.entries()) {
          if (isDefinedAgain) await views.define(owner, 1, [tableOf(owner)]);
          const done = views.commit(owner, encodePosition(index + 1), (writer) => {
            for (let id = 1; id <= rows; id += 1) {
              // Doubling and adding: another order gives other sums.
              writer.accumulate(owner, { id }, { sum_minor: BigInt(index) });
              writer.patch(owner, { id: id + 1 }, { sum_minor: BigInt(index * 3) });
            }
            if (isRefused) {
              writer.put(owner, { id: 100, sum_minor: LIMIT });
              writer.remove(owner, { sum_minor: 7n });
              writer.add(owner, { id: 100 }, { sum_minor: 1n });
              writer.accumulate(owner, { id: 0 }, { sum_minor: LIMIT });
            }
          });
          underWay.push(
            done.then(
              () => 'done',
              (error: Error) => error.name,
            ),
          );
          const state = expected.get(owner)!;
          if (isAwaited) outcomes.push(await underWay.at(-1)!);
          const before = state.rows;
          const after = new Map(before);
          for (let id = 1; id <= rows; id += 1) {
            after.set(id, (after.get(id) ?? 0n) + BigInt(index));
            if (after.has(id + 1)) after.set(id + 1, BigInt(index * 3));
          }
          if (isRefused) continue;
          state.rows = after;
          state.checkpoint = encodePosition(index + 1);
        }
        const all = await Promise.all(underWay);
        expect(all).toEqual(commits.map(({ isRefused }) => (isRefused ? 'ViewRowRefused' : 'done')));
        for (const owner of OWNERS) {
          const found = await views.database<Tables>().selectFrom(owner).selectAll().orderBy('id').execute();
          const { rows, checkpoint } = expected.get(owner)!;
          expect(found.map(({ id, sum_minor }) => [id, sum_minor])).toEqual(
            [...rows].sort(([a], [b]) => a - b),
          );
          expect(await views.checkpoint(owner)).toBe(checkpoint);
        }
        await views.close();
      }),
      { numRuns: 25 },
    );
  });

  it('leave nothing behind when what they are to write cannot be said to the end', async () => {
    using folder = temporaryFolder();
    const views = SqliteViews.open({ file: folder.file('v.sqlite') });
    await views.define('first', 1, [tableOf('first')]);
    await views.commit('first', encodePosition(1), (writer) => writer.put('first', { id: 1, sum_minor: 5n }));
    const failing = views.commit('first', encodePosition(2), (writer) => {
      // Of many rows: not held back for merging.
      writer.remove('first', { sum_minor: 5n });
      throw new RangeError('thirteen');
    });
    await expect(failing).rejects.toThrow(RangeError);
    await views.commit('first', encodePosition(3), (writer) => writer.put('first', { id: 2, sum_minor: 6n }));
    const rows = await views.database<Tables>().selectFrom('first').selectAll().orderBy('id').execute();
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { id: 1, sum_minor: 5n },
      { id: 2, sum_minor: 6n },
    ]);
    await views.close();
  });

  it('go on without the worker when it is lost: what was under way is told to be unknown', async () => {
    using folder = temporaryFolder();
    const file = folder.file('v.sqlite');
    const database = openForWriting(file, 1_024);
    database.exec(
      'CREATE TABLE _owners (owner TEXT PRIMARY KEY, checkpoint TEXT) STRICT; CREATE TABLE t (id INTEGER)',
    );
    const numbers = new StatementNumbers();
    const entry = new URL('file:///nowhere/worker.js');
    const committer = new Committer({ file, database, largeFrom: 1, entry }, numbers);
    const insert = () => ({ statements: [numbers.of('t', () => 'INSERT INTO t VALUES (?)')], values: [1] });
    const lost = [committer.commit('o', '1', insert()), committer.commit('o', '2', insert())];
    for (const each of lost) await expect(each).rejects.toThrow(ViewsUnavailable);
    await committer.commit('o', '3', insert());
    await committer.close();
    expect(
      database.prepare('SELECT count(*) AS rows, max(checkpoint) AS at FROM t, _owners').get(),
    ).toMatchObject({
      rows: 1,
      at: '3',
    });
    database.close();
  });
});
