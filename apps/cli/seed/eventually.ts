import { SeedRefused, type SeedTarget } from './seed-target.js';

const POLL_MS = 10;
const PATIENCE_MS = 30_000;

/** What a view shows once it has caught up, or a process once it has come so far. @throws SeedRefused when it does not */
export async function eventually<Value>(
  { clock, timers }: Pick<SeedTarget, 'clock' | 'timers'>,
  what: string,
  look: () => Promise<Value | undefined>,
): Promise<Value> {
  const until = clock.monotonicMs() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (clock.monotonicMs() > until) throw new SeedRefused(`${what}: not within ${PATIENCE_MS / 1_000} s.`);
    await timers.sleep(POLL_MS);
  }
}
