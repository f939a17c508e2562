import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { temporaryViews } from '#libs/testing/temporary-views.js';
import { contextOf, tillWorld, type TillWorld } from '#libs/testing/till-store.js';
import { tillRows, tillView, type TillRow } from '#libs/testing/till-view.js';
import { till, tillDecider } from '#libs/testing/till.js';
import { ViewsUnavailable, type Views } from '#libs/views/port/index.js';
import { createConsumers } from './index.js';

/** `lost`: not applied. `unheard`: applied, but the answer is an error. `dead`: the process is gone from here on. */
type Fault = 'fine' | 'lost' | 'unheard' | 'dead-before' | 'dead-after';

function faultyViews(
  views: Views,
  nextFault: () => Fault,
): { readonly views: Views; readonly dead: Promise<void> } {
  let kill: () => void = () => undefined;
  let isDead = false;
  const dead = new Promise<void>((resolve) => {
    kill = () => {
      isDead = true;
      resolve();
    };
  });
  const never = new Promise<never>(() => undefined);
  const commit: Views['commit'] = async (...args) => {
    if (isDead) return never;
    const fault = nextFault();
    if (fault === 'lost') throw new ViewsUnavailable('lost');
    if (fault === 'dead-before') {
      kill();
      return never;
    }
    await views.commit(...args);
    if (fault === 'unheard') throw new ViewsUnavailable('unheard');
    if (fault === 'dead-after') {
      kill();
      return never;
    }
  };
  const proxy = new Proxy(views, {
    get(target, property) {
      if (property === 'commit') return commit;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { views: proxy, dead };
}

async function foldOfTheLog(world: TillWorld, ids: readonly string[]): Promise<TillRow[]> {
  const rows: TillRow[] = [];
  for (const id of ids) {
    const history = await world.store().history(till, id);
    const state = fold(
      tillDecider,
      history.map(({ event }) => event),
    );
    if (state.status === 'open') {
      rows.push({ id: `till-${id}`, deposits: state.deposits, held_minor: state.heldFen, owner: null });
    }
  }
  return rows;
}

describe('a view', () => {
  it('is the fold of the log after any crashes, lost and unheard commits, and again after a rebuild', async () => {
    const real = systemRuntime();
    const timers = { ...real.timers, sleep: async () => undefined };
    const runtime: Runtime = { ...real, timers };
    const fault = fc.constantFrom<Fault>(
      'fine',
      'fine',
      'fine',
      'lost',
      'unheard',
      'dead-before',
      'dead-after',
    );
    const command = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      times: fc.integer({ min: 0, max: 5 }),
      amount: fc.bigInt(0n, 9n),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(command, { maxLength: 8 }), { maxLength: 6 }),
        fc.array(fault, { maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        async (rounds, faults, pageSize) => {
          const world = tillWorld({ runtime, log: new MemoryEventLog({ pageSize }) });
          const store = world.store();
          const files = temporaryViews();
          const views = files.open();
          const ids = ['a', 'b', 'c'];
          try {
            for (const id of ids)
              await store.run(till, id, { kind: 'open', limitFen: 1_000n }, contextOf(id));
            for (const [round, commands] of rounds.entries()) {
              const faulty = faultyViews(views, () => faults.shift() ?? 'fine');
              const consumers = createConsumers({ ...world, views: faulty.views });
              consumers.addProjection(tillView);
              await Promise.race([consumers.start(), faulty.dead]);
              for (const [index, { id, times, amount }] of commands.entries()) {
                const deposit = { kind: 'deposit', amountFen: amount, times } as const;
                await store.run(till, id, deposit, contextOf(`${round}/${index}`));
              }
              // A dead process is simply left behind; the next one starts on what it had committed.
              const isDead = await Promise.race([
                faulty.dead.then(() => true),
                consumers.caughtUp().then(() => false),
              ]);
              if (!isDead) await Promise.race([consumers.stop(), faulty.dead]);
            }
            const last = createConsumers({ ...world, views });
            last.addProjection(tillView);
            await last.start();
            await last.caughtUp();
            const expected = await foldOfTheLog(world, ids);
            expect(await tillRows(views)).toEqual(expected);
            await last.rebuild('tills');
            expect(await tillRows(views)).toEqual(expected);
            expect(last.status()[0]).toMatchObject({ deadLetters: 0, stopped: undefined });
            await last.stop();
          } finally {
            await views.close();
            files.remove();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
