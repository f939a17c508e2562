import { describe, expect, it } from '@jest/globals';
import { openTill } from '#libs/testing/only-writer.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { till } from '#libs/testing/till.js';

describe('a replay', () => {
  it('answers from the state alone and reads nothing where no events are asked for', async () => {
    const { store, log } = tillWorld();
    let reads = 0;
    const counted = new Proxy(log, {
      get: (target, property) => {
        if (property === 'readStream') reads += 1;
        return (Reflect.get(target, property, target) as () => unknown).bind(target);
      },
    });
    const one = store({ onlyWriter: true }, counted);
    await one.run(till, '1', openTill, contextOf('a'));
    await one.run(till, '1', { kind: 'deposit', amountFen: 10n }, contextOf('b'));
    expect(await one.run(till, '1', openTill, contextOf('a', { replayEvents: false }))).toStrictEqual({
      accepted: true,
      events: [],
      state: { status: 'open', limitFen: 100n, heldFen: 10n, deposits: 1 },
      revision: 1,
      replayed: true,
    });
    expect(reads).toBe(0);
  });
});
