/** Reproducible numbers for the demo (mulberry32): every first start shows the same school. */
export interface Dice {
  /** 0 ≤ x < 1 */
  next(): number;
  /** 0 ≤ n < sides */
  below(sides: number): number;
  /** The items in another order. */
  shuffle<Item>(items: readonly Item[]): Item[];
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (sides: number): number => Math.floor(next() * sides);
  return {
    next,
    below,
    shuffle(items) {
      const order = [...items];
      // Fisher–Yates.
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [order[last], order[other]] = [order[other]!, order[last]!];
      }
      return order;
    },
  };
}
