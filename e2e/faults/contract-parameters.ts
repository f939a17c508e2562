/** What the contracts of a run are filled in with. */
import { type Terminal, terminal } from './contract-terms.js';
import type { Dice } from './dice.js';
import { yuan } from './money.js';

export type Kind = 'lessons' | 'meter' | 'escrow';

/** Sold with one contract. */
export const LESSONS = 6;

/** Two keys of a terminal that both have to sign. */
export const TERMINALS: readonly Terminal[] = [terminal(), terminal()];

export function parametersOf(kind: Kind, total: bigint): readonly object[] {
  const text = (name: string, value: string) => ({ name, value: { text: value } });
  const amount = (name: string, fen: bigint) => ({ name, value: { amount: yuan(fen) } });
  const keys = (name: string) => ({
    name,
    value: { keys: TERMINALS.map(({ publicKey }) => ({ publicKey })) },
  });
  switch (kind) {
    case 'lessons':
      return [
        amount('total', total),
        text('lessons', String(LESSONS)),
        text('cooling', 'PT3S'),
        amount('books', 40n),
        keys('keys'),
      ];
    case 'meter':
      return [
        amount('min', total),
        amount('max', 2n * total),
        text('tariff', '5/3'),
        text('notice', 'PT2S'),
        keys('meterKeys'),
      ];
    case 'escrow':
      return [amount('price', total), text('secretHash', 'ab'.repeat(32))];
  }
}

/** A third ends within the run, and so do those that nobody funds in time; the others outlive it. */
export function moments(dice: Dice): readonly object[] {
  const now = Date.now();
  const at = (name: string, ms: number) => ({ name, value: { text: new Date(now + ms).toISOString() } });
  const fundedMs = 5_000 + dice.below(15_000);
  const lastsMs = dice.below(3) === 0 ? 2_000 + dice.below(10_000) : 86_400_000;
  return [at('fundBy', fundedMs), at('endsAt', fundedMs + lastsMs)];
}
