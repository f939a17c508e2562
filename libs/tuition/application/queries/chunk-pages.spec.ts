import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageOf } from './chunk-pages.js';

function chunked(sizes: readonly number[]) {
  let next = 0;
  const chunks = sizes.map((size) => Array.from({ length: size }, () => (next += 1)));
  const read: number[] = [];
  return {
    all: chunks.flat(),
    read,
    counts: sizes,
    items: async (chunk: number) => {
      read.push(chunk);
      return chunks[chunk]!;
    },
  };
}

describe('pages over chunks', () => {
  it('give every item once and in order, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(7), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (sizes, first) => {
          const source = chunked(sizes);
          const seen: number[] = [];
          let after: string | undefined;
          for (;;) {
            const page = await pageOf(source, { first, ...(after === undefined ? {} : { after }) });
            expect(page.totalCount).toBe(source.all.length);
            expect(page.items.length).toBeLessThanOrEqual(first);
            seen.push(...page.items.map(({ item }) => item));
            expect(page.hasNextPage).toBe(seen.length < source.all.length);
            if (!page.hasNextPage) break;
            after = page.items.at(-1)!.cursor;
          }
          expect(seen).toEqual(source.all);
        },
      ),
    );
  });

  it('read no more chunks than they show', async () => {
    const source = chunked([1_000, 1_000, 1_000, 1_000]);
    const cursor = Buffer.from('1998').toString('base64url');
    const page = await pageOf(source, { first: 4, after: cursor });
    expect(page.items.map(({ item }) => item)).toEqual([1999, 2000, 2001, 2002]);
    expect(source.read).toEqual([1, 2]);
  });

  it('start from the beginning for a cursor that is none', async () => {
    for (const after of [
      '',
      'x',
      Buffer.from('-1').toString('base64url'),
      Buffer.from('1e3').toString('base64url'),
    ]) {
      const page = await pageOf(chunked([2]), { first: 1, after });
      expect(page.items.map(({ item }) => item)).toEqual([1]);
    }
    expect((await pageOf(chunked([9]), { first: 100_000 })).items).toHaveLength(9);
    expect((await pageOf(chunked([9]), { first: -1 })).items).toHaveLength(1);
  });
});
