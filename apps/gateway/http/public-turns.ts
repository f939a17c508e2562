import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { Clock } from '#libs/runtime/port/index.js';

export interface TurnLimits {
  /** Turns that whoever has not asked for a while has at once. */
  readonly atOnce: number;
  readonly perMinute: number;
  /** Addresses remembered; whoever has not asked for longest is forgotten first. */
  readonly addresses: number;
}

/** A person checks a handful of receipts; a class teacher perhaps fifty. A code has 60 bits: guessing is hopeless at any rate. */
const LIMITS: TurnLimits = { atOnce: 30, perMinute: 30, addresses: 10_000 };

interface Turns {
  left: number;
  atMs: number;
}

/** How often one address may ask what needs no signing in. In memory of this process, bounded. */
export class PublicTurns {
  readonly #turns: RecentlyUsed<Turns>;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly limits: TurnLimits = LIMITS,
  ) {
    this.#turns = new RecentlyUsed(limits.addresses);
  }

  /** Whether the address still has a turn, which it then has used. */
  take(address: string): boolean {
    const atMs = this.clock.monotonicMs();
    const { atOnce, perMinute } = this.limits;
    const before = this.#turns.get(address) ?? { left: atOnce, atMs };
    const left = Math.min(atOnce, before.left + ((atMs - before.atMs) / 60_000) * perMinute);
    const isGranted = left >= 1;
    this.#turns.set(address, { left: isGranted ? left - 1 : left, atMs });
    return isGranted;
  }
}
