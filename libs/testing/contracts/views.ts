import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePosition } from '#libs/event-log/port/index.js';
import {
  ViewRowRefused,
  ViewsUnavailable,
  type TableDefinition,
  type ViewRow,
  type Views,
  type ViewWriter,
} from '#libs/views/port/index.js';

export interface ViewsUnderTest {
  readonly views: Views;
  /** The same store again, as after a restart. */
  reopen(): Promise<Views>;
  close(): Promise<void>;
}

interface Tables {
  bills: {
    organisation: string;
    id: string;
    payer: string | null;
    lines: number;
    open: boolean | number;
    due_minor: bigint;
    paid_minor: bigint | null;
  };
  totals: { organisation: string; bills: number; due_minor: bigint; paid_minor: bigint | null };
}

const BILLS: TableDefinition = {
  name: 'bills',
  columns: {
    organisation: 'text',
    id: 'text',
    payer: { type: 'text', nullable: true },
    lines: 'integer',
    open: 'boolean',
    due_minor: 'minor',
    paid_minor: { type: 'minor', nullable: true },
  },
  primaryKey: ['organisation', 'id'],
  indexes: [['organisation', 'payer']],
};
const TOTALS: TableDefinition = {
  name: 'totals',
  columns: {
    organisation: 'text',
    bills: 'integer',
    due_minor: 'minor',
    paid_minor: { type: 'minor', nullable: true },
  },
  primaryKey: ['organisation'],
};

const at = (place: number) => encodePosition(place);
const bill = (id: string, rest: ViewRow = {}): ViewRow => ({
  organisation: 'o',
  id,
  payer: 'p',
  lines: 1,
  open: true,
  due_minor: 100n,
  paid_minor: null,
  ...rest,
});

/** What every implementation of the Views port must do. */
export function viewsContract(name: string, open: () => Promise<ViewsUnderTest>): void {
  describe(`Views contract: ${name}`, () => {
    let under: ViewsUnderTest;
    let views: Views;
    beforeEach(async () => {
      under = await open();
      views = under.views;
      await views.define('billing', 1, [BILLS, TOTALS]);
    });
    afterEach(() => under.close());

    const bills = (from = views) =>
      from.database<Tables>().selectFrom('bills').selectAll().orderBy('id').execute();
    const write = (work: (writer: ViewWriter) => void) => views.commit('billing', at(1), work);

    it('reads what was put: amounts as bigint, counts as numbers, nulls as nulls', async () => {
      await write((writer) => {
        writer.put('bills', bill('a', { due_minor: 9_007_199_254_740_993n, lines: Number.MAX_SAFE_INTEGER }));
        writer.put('bills', bill('b', { open: false, payer: '学生 "x"', paid_minor: -1n }));
      });
      const plain = (await bills()).map((row) => ({ ...row }));
      expect(plain).toEqual([
        { ...bill('a'), due_minor: 9_007_199_254_740_993n, lines: Number.MAX_SAFE_INTEGER, open: 1 },
        { ...bill('b'), open: 0, payer: '学生 "x"', paid_minor: -1n },
      ]);
    });

    it('reads sums of amounts as bigint by their alias, and everything else as numbers', async () => {
      await write((writer) => {
        for (const id of ['a', 'b']) writer.put('bills', bill(id, { due_minor: 2n ** 60n }));
      });
      const total = await views
        .database<Tables>()
        .selectFrom('bills')
        .select(({ fn }) => [
          fn.sum<bigint>('due_minor').as('total_minor'),
          fn.sum<bigint | null>('paid_minor').as('none_minor'),
          fn.countAll<number>().as('count'),
        ])
        .executeTakeFirstOrThrow();
      expect({ ...total }).toEqual({ total_minor: 2n ** 61n, none_minor: null, count: 2 });
    });

    it('replaces, patches, adds, accumulates and removes', async () => {
      await write((writer) => {
        writer.put('bills', bill('a', { payer: null, paid_minor: 5n }));
        writer.put('bills', bill('a'));
        for (const id of ['b', 'c', 'd']) writer.put('bills', bill(id));
        writer.patch('bills', { organisation: 'o', id: 'b' }, { open: false, payer: null });
        writer.patch('bills', { id: 'missing' }, { open: false });
        writer.add('bills', { id: 'c' }, { due_minor: 2n ** 53n, lines: -1, paid_minor: 7n });
        writer.remove('bills', { payer: null });
        writer.remove('bills', { organisation: 'o', id: 'd' });
        writer.accumulate('totals', { organisation: 'o' }, { bills: 1, due_minor: 2n ** 60n });
        writer.accumulate('totals', { organisation: 'o' }, { bills: 2, due_minor: 1n });
      });
      expect((await bills()).map((row) => ({ ...row }))).toEqual([
        { ...bill('a'), open: 1 },
        { ...bill('c'), open: 1, due_minor: 2n ** 53n + 100n, lines: 0, paid_minor: 7n },
      ]);
      const totals = await views.database<Tables>().selectFrom('totals').selectAll().execute();
      expect(totals.map((row) => ({ ...row }))).toEqual([
        { organisation: 'o', bills: 3, due_minor: 2n ** 60n + 1n, paid_minor: null },
      ]);
    });

    it('keeps rows and checkpoint together, or neither', async () => {
      await views.commit('billing', at(5), (writer) => writer.put('bills', bill('a')));
      const failing = views.commit('billing', at(6), (writer) => {
        writer.put('bills', bill('b'));
        throw new Error('a bug');
      });
      await expect(failing).rejects.toThrow('a bug');
      expect((await bills()).map(({ id }) => id)).toEqual(['a']);
      expect(await views.checkpoint('billing')).toBe(at(5));
      await views.commit('other', at(9), () => undefined);
      expect(await views.checkpoint('other')).toBe(at(9));
      expect(await views.checkpoint('billing')).toBe(at(5));
      const again = await under.reopen();
      expect((await bills(again)).map(({ id }) => id)).toEqual(['a']);
      expect(await again.checkpoint('billing')).toBe(at(5));
    });

    it.each<[string, (writer: ViewWriter) => void]>([
      ['an unknown table', (writer) => writer.put('nothing', {})],
      ['an unknown column', (writer) => writer.put('bills', bill('a', { colour: 'red' }))],
      ['a missing column', (writer) => writer.put('bills', { organisation: 'o', id: 'a' })],
      ['a null where none may be', (writer) => writer.put('bills', bill('a', { lines: null }))],
      ['a number for an amount', (writer) => writer.put('bills', bill('a', { due_minor: 1 }))],
      ['a bigint for a count', (writer) => writer.put('bills', bill('a', { lines: 1n }))],
      ['a fraction', (writer) => writer.put('bills', bill('a', { lines: 0.5 }))],
      ['a number for a text', (writer) => writer.patch('bills', { id: 'a' }, { payer: 1 })],
      ['an unknown condition', (writer) => writer.remove('bills', { colour: 'red' })],
      ['an addition to a text', (writer) => writer.add('bills', { id: 'a' }, { payer: 1 })],
      [
        'an accumulation without the whole key',
        (writer) => writer.accumulate('bills', { id: 'a' }, { lines: 1 }),
      ],
      [
        'an accumulation that leaves a column out',
        (writer) => writer.accumulate('totals', { organisation: 'o' }, { bills: 1 }),
      ],
      [
        'an amount beyond 64 bits',
        (writer) => {
          writer.put('bills', bill('a', { due_minor: 2n ** 63n - 1n }));
          writer.add('bills', { id: 'a' }, { due_minor: 1n });
        },
      ],
    ])('refuses %s', async (_name, work) => {
      await expect(write(work)).rejects.toThrow(ViewRowRefused);
      expect(await bills()).toEqual([]);
      expect(await views.checkpoint('billing')).toBeUndefined();
    });

    it('keeps tables while the definition stays, and rebuilds when it changes', async () => {
      await write((writer) => writer.put('bills', bill('a')));
      await views.define('billing', 1, [BILLS, TOTALS]);
      expect(await views.checkpoint('billing')).toBe(at(1));
      const again = await under.reopen();
      await again.define('billing', 1, [BILLS, TOTALS]);
      expect((await bills(again)).length).toBe(1);
      await again.define('billing', 2, [BILLS, TOTALS]);
      expect(await again.checkpoint('billing')).toBeUndefined();
      expect(await bills(again)).toEqual([]);
      await again.commit('billing', at(2), (writer) => writer.put('bills', bill('b')));
      const wider = { ...BILLS, columns: { ...BILLS.columns, term: 'text' as const } };
      await again.define('billing', 2, [wider]);
      expect(await again.checkpoint('billing')).toBeUndefined();
      await again.commit('billing', at(3), (writer) => writer.put('bills', bill('c', { term: 't' })));
      expect((await bills(again)).map((row) => ({ ...row }))).toEqual([{ ...bill('c'), open: 1, term: 't' }]);
      await expect(again.database<Tables>().selectFrom('totals').selectAll().execute()).rejects.toThrow();
    });

    it('refuses a table that belongs to another owner, and names that break the rules', async () => {
      await expect(views.define('other', 1, [BILLS])).rejects.toThrow(TypeError);
      const table = (rest: Partial<TableDefinition>) =>
        views.define('x', 1, [{ name: 'x', columns: { a: 'text' }, primaryKey: ['a'], ...rest }]);
      await expect(table({ columns: { a: 'minor' } })).rejects.toThrow(TypeError);
      await expect(table({ columns: { a: 'text', b_minor: 'integer' } })).rejects.toThrow(TypeError);
      await expect(table({ name: 'X"; DROP TABLE bills' })).rejects.toThrow(TypeError);
      await expect(table({ primaryKey: [] })).rejects.toThrow(TypeError);
      await expect(table({ indexes: [['b']] })).rejects.toThrow(TypeError);
      await table({});
    });

    it('resets an owner and nobody else', async () => {
      await views.define('other', 1, [{ name: 'others', columns: { id: 'text' }, primaryKey: ['id'] }]);
      await views.commit('other', at(3), (writer) => writer.put('others', { id: 'x' }));
      await write((writer) => writer.put('bills', bill('a')));
      await views.reset('billing');
      expect(await bills()).toEqual([]);
      expect(await views.checkpoint('billing')).toBeUndefined();
      expect(await views.checkpoint('other')).toBe(at(3));
      expect(
        (await views.database<{ others: { id: string } }>().selectFrom('others').selectAll().execute())
          .length,
      ).toBe(1);
    });

    it('reads one snapshot in a transaction while others write', async () => {
      await write((writer) => writer.put('bills', bill('a')));
      const seen = await views
        .database<Tables>()
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (reading) => {
          const count = () =>
            reading
              .selectFrom('bills')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .executeTakeFirstOrThrow();
          const before = Number((await count()).n);
          await write((writer) => writer.put('bills', bill('b')));
          return [before, Number((await count()).n)];
        });
      expect(seen).toEqual([1, 1]);
      expect((await bills()).length).toBe(2);
    });

    it('serves more transactions at once than it has connections', async () => {
      await write((writer) => writer.put('bills', bill('a')));
      const counts = await Promise.all(
        Array.from({ length: 40 }, () =>
          views
            .database<Tables>()
            .transaction()
            .execute(async (reading) => (await reading.selectFrom('bills').select('id').execute()).length),
        ),
      );
      expect(counts).toEqual(counts.map(() => 1));
    });

    it('is not written through queries', async () => {
      const deleting = views.database<Tables>().deleteFrom('bills').execute();
      await expect(deleting).rejects.toThrow();
    });

    it('behaves like a map of rows under any sequence of operations', async () => {
      const id = fc.constantFrom('a', 'b', 'c');
      const amount = fc.bigInt(-1_000n, 1_000n);
      const operation = fc.oneof(
        fc.record({ kind: fc.constant('put' as const), id, amount }),
        fc.record({ kind: fc.constant('patch' as const), id, amount }),
        fc.record({ kind: fc.constant('add' as const), id, amount }),
        fc.record({ kind: fc.constant('remove' as const), id, amount }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
          await views.reset('billing');
          const model = new Map<string, bigint>();
          await write((writer) => {
            for (const each of operations) {
              const where = { organisation: 'o', id: each.id };
              const known = model.get(each.id);
              if (each.kind === 'put') {
                writer.put('bills', bill(each.id, { due_minor: each.amount }));
                model.set(each.id, each.amount);
              } else if (each.kind === 'remove') {
                writer.remove('bills', where);
                model.delete(each.id);
              } else if (each.kind === 'patch') {
                writer.patch('bills', where, { due_minor: each.amount });
                if (known !== undefined) model.set(each.id, each.amount);
              } else {
                writer.add('bills', where, { due_minor: each.amount });
                if (known !== undefined) model.set(each.id, known + each.amount);
              }
            }
          });
          const rows = (await bills()).map((row) => [row.id, row.due_minor] as const);
          expect(rows).toEqual([...model].sort(([one], [other]) => (one < other ? -1 : 1)));
        }),
        { numRuns: 60 },
      );
    });

    it('takes nothing after it was closed', async () => {
      await views.close();
      await views.close();
      await expect(write(() => undefined)).rejects.toThrow(ViewsUnavailable);
      await expect(views.checkpoint('billing')).rejects.toThrow(ViewsUnavailable);
      await expect(bills()).rejects.toThrow();
    });
  });
}
