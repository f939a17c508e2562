import { seededRng } from '#libs/testing/runtime/index.js';

/** Reproducible choices: the same seed plans the same run (what the machine makes of it differs). */
export interface Dice {
  /** 0 ≤ n < sides */
  below(sides: number): number;
}

export function diceOf(seed: number): Dice {
  const rng = seededRng(seed);
  return {
    below(sides) {
      const [a = 0, b = 0, c = 0, d = 0] = rng.bytes(4);
      return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % sides;
    },
  };
}
