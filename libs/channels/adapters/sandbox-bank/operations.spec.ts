import { describe, expect, it } from '@jest/globals';
import { toStoredMoney } from '#libs/kernel/money/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { operationOf } from '#libs/testing/contracts/external-channel.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { Operations } from './operations.js';
import { BankStore } from './store.js';

const now = systemRuntime().clock.now();

function books(file: string) {
  const store = new BankStore(file);
  return { store, operations: new Operations(store, { noticeDelayMs: 0 }) };
}

describe('two processes on the same books, as while one of them is being replaced', () => {
  it.each([
    ['collect', 103n, 'succeed', [1, 0]],
    ['payout', 107n, 'return', [1, 1]],
  ] as const)('do what is due for a %s of %s fen once', async (kind, fen, act, moved) => {
    using folder = temporaryFolder();
    const all = [books(folder.file('b.db')), books(folder.file('b.db'))];
    const { tenant, amount, ...operation } = operationOf(kind, fen);
    const wire = { ...operation, amount: toStoredMoney(amount) };
    for (const { store, operations } of all) await store.commit(() => operations.submit(tenant, wire, now));
    for (const { store, operations } of all)
      await store.commit(() => operations.act(tenant, operation.operationId, act, now));
    const { store } = all[0]!;
    const row = store.one('SELECT moved, returned FROM operations');
    expect([row?.['moved'], row?.['returned']]).toEqual(moved);
    expect(store.all('SELECT * FROM entries')).toHaveLength(moved[0] + moved[1]);
    expect(store.all('SELECT * FROM notices')).toHaveLength(1);
    for (const each of all) each.store.close();
  });
});

describe('the books', () => {
  it('keep each piece of work whole or not at all, beside the others of its turn', async () => {
    using folder = temporaryFolder();
    const { store } = books(folder.file('b.db'));
    const insert = (id: string) =>
      store.run(`INSERT INTO operations (tenant, operation_id, status) VALUES ('t', ?, 'lost')`, id);
    const works = await Promise.allSettled([
      store.commit(() => insert('a')),
      store.commit(() => {
        insert('b');
        throw new Error('no');
      }),
      store.commit(() => insert('a')),
      store.commit(() => insert('c')),
    ]);
    expect(works.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(store.all('SELECT operation_id FROM operations').map((row) => row['operation_id'])).toEqual([
      'a',
      'c',
    ]);
    store.close();
    await expect(store.commit(() => insert('d'))).rejects.toThrow('closed');
  });
});
