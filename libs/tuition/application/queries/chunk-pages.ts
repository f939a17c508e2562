import type { Page, PageRequest } from '#libs/views/port/index.js';

const MAX_FIRST = 250;

/** Numbered items in chunks, of which each chunk knows how many it holds. */
export interface Chunked<Item> {
  /** Items per chunk that count for this page. */
  readonly counts: readonly number[];
  items(chunk: number): Promise<readonly Item[]>;
}

/**
 * One page of chunked working data. The cursor is the number of items before the next page; the data never changes, so
 * that a number stays right.
 */
export async function pageOf<Item>(
  { counts, items }: Chunked<Item>,
  request: PageRequest,
): Promise<Page<Item>> {
  const first = Math.max(1, Math.min(MAX_FIRST, Math.trunc(request.first) || 1));
  const totalCount = counts.reduce((sum, count) => sum + count, 0);
  const start = positionOf(request.after);
  const found: { readonly cursor: string; readonly item: Item }[] = [];
  let before = 0;
  for (const [chunk, count] of counts.entries()) {
    if (before + count > start && found.length < first) {
      const wanted = await items(chunk);
      for (
        let index = Math.max(0, start - before);
        index < wanted.length && found.length < first;
        index += 1
      ) {
        found.push({ cursor: cursorOf(before + index + 1), item: wanted[index]! });
      }
    }
    before += count;
  }
  return { items: found, hasNextPage: start + found.length < totalCount, totalCount };
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/** A cursor that is none of ours starts from the beginning. */
function positionOf(cursor: string | undefined): number {
  const text = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
