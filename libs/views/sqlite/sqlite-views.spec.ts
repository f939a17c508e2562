import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { encodePosition } from '#libs/event-log/port/index.js';
import { viewsContract } from '#libs/testing/contracts/views.js';
import { ViewsUnavailable } from '../port/index.js';
import { SqliteViews } from './index.js';

const MODES = {
  sqlite: undefined,
  'sqlite, every transaction in the worker': 0,
  'sqlite, some transactions in the worker': 3,
} as const;

for (const [name, largeFrom] of Object.entries(MODES))
  viewsContract(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-views-'));
    const file = join(folder, 'views.sqlite');
    let views = SqliteViews.open({ file, readers: 4, largeFrom });
    return {
      views,
      async reopen() {
        await views.close();
        views = SqliteViews.open({ file, readers: 4, largeFrom });
        return views;
      },
      async close() {
        await views.close();
        rmSync(folder, { recursive: true });
      },
    };
  });

describe('SqliteViews', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-views-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('answers a lookup by index from the index', async () => {
    const views = SqliteViews.open({ file: join(folder, 'v.sqlite') });
    await views.define('o', 1, [
      {
        name: 'bills',
        columns: { id: 'text', payer: { type: 'text', nullable: true } },
        primaryKey: ['id'],
        indexes: [['payer', 'id']],
      },
    ]);
    await views.commit('o', encodePosition(1), (writer) => {
      for (let index = 0; index < 100; index += 1)
        writer.put('bills', { id: `${index}`, payer: `p${index % 7}` });
    });
    const plan = await views
      .database<{ bills: { id: string; payer: string | null } }>()
      .selectFrom('bills')
      .select('id')
      .where('payer', '=', 'p3')
      .where('id', '>', '2')
      .orderBy('id')
      .limit(10)
      .explain(undefined, sql`query plan`);
    expect(plan.map((step) => step['detail'])).toEqual([
      'SEARCH bills USING COVERING INDEX bills__payer__id (payer=? AND id>?)',
    ]);
    await views.close();
  });

  it('takes the rows back when the checkpoint cannot be stored', async () => {
    const file = join(folder, 'v.sqlite');
    const views = SqliteViews.open({ file });
    await views.define('o', 1, [{ name: 'bills', columns: { id: 'text' }, primaryKey: ['id'] }]);
    const other = new DatabaseSync(file);
    other.exec(`CREATE TRIGGER refusing BEFORE UPDATE ON _owners BEGIN SELECT RAISE(ABORT, 'full'); END`);
    const commit = () => views.commit('o', encodePosition(1), (writer) => writer.put('bills', { id: 'a' }));
    await expect(commit()).rejects.toThrow(ViewsUnavailable);
    const rows = () => other.prepare('SELECT id FROM bills').all().length;
    expect(rows()).toBe(0);
    other.exec('DROP TRIGGER refusing');
    await commit();
    expect(rows()).toBe(1);
    other.close();
    await views.close();
  });

  it('moves its write-ahead log into the file meanwhile', async () => {
    const file = join(folder, 'v.sqlite');
    const views = SqliteViews.open({ file });
    await views.define('o', 1, [
      { name: 'bills', columns: { id: 'text', n: 'integer' }, primaryKey: ['id'] },
    ]);
    const before = statSync(file).size;
    for (let round = 0; statSync(file).size === before && round < 400; round += 1) {
      await views.commit('o', encodePosition(round + 1), (writer) => {
        for (let row = 0; row < 500; row += 1) writer.put('bills', { id: `${round}/${row}`, n: row });
      });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(statSync(file).size).toBeGreaterThan(before);
    await views.close();
  });

  it('says so when the file is no database', () => {
    const file = join(folder, 'v.sqlite');
    writeFileSync(file, 'x'.repeat(10_000));
    expect(() => SqliteViews.open({ file })).toThrow(ViewsUnavailable);
  });
});
