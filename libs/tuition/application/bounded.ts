/**
 * Runs `act` for each item with at most `limit` in flight. The first failure stops the taking of further items; it is
 * thrown when those under way have ended.
 */
export async function eachBounded<Item>(
  items: readonly Item[],
  limit: number,
  act: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  async function work(): Promise<void> {
    while (next < items.length && !failure) {
      const index = next;
      next += 1;
      try {
        await act(items[index]!, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failure) throw failure.error;
}
