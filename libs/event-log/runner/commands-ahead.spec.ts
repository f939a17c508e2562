import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldOf, OnlyWriter, openTill } from '#libs/testing/only-writer.js';
import type { OrderedFault } from '#libs/testing/ordered-event-log.js';
import { contextOf } from '#libs/testing/till-store.js';
import { till, type TillCommand } from '#libs/testing/till.js';
import { verifyLog } from './index.js';

type Step =
  | {
      readonly kind: 'run';
      readonly stream: string;
      readonly command: TillCommand;
      readonly id: number;
      readonly deadlineMs: number;
    }
  | { readonly kind: 'load'; readonly stream: string }
  | { readonly kind: 'take-up'; readonly count: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'crash' };

const command: fc.Arbitrary<TillCommand> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(openTill) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deposit' as const),
      amountFen: fc.bigInt(0n, 40n),
      times: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('name' as const),
      ownerId: fc.constant('s1'),
      name: fc.constant('学生0001'),
      phone: fc.constant('10000000001'),
    }),
  },
);

const stepOf = (stream: fc.Arbitrary<string>, crashes: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('run' as const),
        stream,
        command,
        id: fc.nat(20),
        deadlineMs: fc.constantFrom(30, 200, 5_000, 5_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('load' as const), stream }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('take-up' as const), count: fc.integer({ min: 1, max: 6 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(0, 0, 5, 45) }),
    },
    { weight: crashes ? 1 : 0, arbitrary: fc.constant({ kind: 'crash' as const }) },
  );

const fault: fc.Arbitrary<OrderedFault> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('fine' as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'overloaded' as const,
      'request-lost' as const,
      'late' as const,
      'ack-lost' as const,
    ),
  },
);

async function perform(
  process: OnlyWriter,
  steps: readonly Step[],
  nameOf: (step: Extract<Step, { kind: 'run' }>, index: number) => string,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    switch (step.kind) {
      case 'run':
        process.run(step.stream, step.command, nameOf(step, index), step.deadlineMs);
        break;
      case 'load':
        process.load(step.stream);
        break;
      case 'take-up':
        await process.ordered.takeUp(step.count);
        break;
      case 'time':
        process.ordered.expire();
        await process.runtime.advance(step.ms);
        break;
      case 'crash':
        process.crash();
        break;
      default:
        step satisfies never;
    }
  }
  await process.settle();
}

/** Everything that was acknowledged is there, once; a fresh store and the old one see the same. */
async function expectAgreement(process: OnlyWriter, streams: readonly string[]): Promise<void> {
  const { world, accepted } = process;
  const fresh = world.store();
  for (const stream of streams) {
    const history = await fresh.history(till, stream);
    const state = foldOf(history.map(({ event }) => event));
    expect(await fresh.load(till, stream)).toEqual({ state, revision: history.length - 1 });
    const places = new Map<string, number[]>();
    for (const { metadata, revision } of history) {
      places.set(metadata.commandId, [...(places.get(metadata.commandId) ?? []), revision]);
    }
    for (const revisions of places.values()) {
      expect(revisions.at(-1)! - revisions[0]!).toBe(revisions.length - 1);
    }
    for (const [key, events] of accepted) {
      if (!key.startsWith(`${stream}/`)) continue;
      const revisions = places.get(contextOf(key).commandId) ?? [];
      expect({ key, events: revisions.map((revision) => history[revision]?.event) }).toEqual({ key, events });
    }
  }
  expect((await verifyLog(world.log)).firstBad).toBeUndefined();
}

const deposit = (amountFen: bigint): TillCommand => ({ kind: 'deposit', amountFen });

async function opened(faults: readonly OrderedFault[] = [], underWay?: number): Promise<OnlyWriter> {
  const list: OrderedFault[] = ['fine', ...faults];
  const process = new OnlyWriter(() => list.shift() ?? 'fine', underWay);
  process.run('a', openTill, 'open');
  await process.settle();
  return process;
}

describe('commands of the only writer', () => {
  it('are handed to the log behind those under way, no more than the limit at once', async () => {
    const process = await opened([], 3);
    for (let count = 0; count < 5; count += 1) process.run('a', deposit(1n), `d${count}`);
    await process.runtime.advance(0);
    expect([process.ordered.queued, process.accepted.size]).toEqual([3, 1]);
    await process.ordered.takeUp(1);
    await process.runtime.advance(0);
    expect([process.ordered.queued, process.accepted.size]).toEqual([3, 2]);
    await process.settle();
    expect([process.accepted.size, process.faults]).toEqual([6, []]);
    await expectAgreement(process, ['a']);
  });

  it('are decided anew, in their order, when one before them is refused by the log', async () => {
    const process = await opened(['fine', 'overloaded']);
    for (const name of ['d0', 'd1', 'd2', 'd3']) process.run('a', deposit(1n), name);
    await process.settle();
    const history = await process.world.store().history(till, 'a');
    expect(history.map(({ metadata }) => metadata.commandId)).toEqual(
      ['open', 'd0', 'd2', 'd3'].map((name) => contextOf(`a/${name}`).commandId),
    );
    // What was known before is still known: nothing was read but for this expectation.
    expect(process.store.stats()).toEqual({ cachedStreams: 1, loads: 0, conflicts: 0, replays: 0 });
    await expectAgreement(process, ['a']);
  });

  it('never stand behind an append that was given up and is still on its way', async () => {
    const process = await opened();
    process.run('a', deposit(1n), 'given up', 30);
    await process.runtime.advance(45);
    process.ordered.expire();
    await process.runtime.advance(5);
    expect([process.ordered.queued, process.unanswered]).toEqual([1, 0]);
    // Decided on the stream without it; behind one another the second would fit where the first does not.
    process.run('a', deposit(2n), 'd0');
    process.run('a', deposit(4n), 'd1');
    await process.settle();
    expect(process.faults).toEqual([]);
    await expectAgreement(process, ['a']);
    expect((await process.store.load(till, 'a')).state).toMatchObject({ heldFen: 7n, deposits: 3 });
  });

  it('are answered from what is durable only, whatever is lost, late, refused, repeated or crashes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepOf(fc.constantFrom('a', 'a', 'a', 'b'), true), { maxLength: 50, size: 'max' }),
        fc.array(fault, { maxLength: 30, size: 'max' }),
        fc.constantFrom(2, 3, 64),
        async (steps, list, underWay) => {
          const process = new OnlyWriter(() => list.shift() ?? 'fine', underWay);
          for (const stream of ['a', 'b']) process.run(stream, openTill, 'open');
          await perform(process, steps, ({ id }) => String(id));
          expect(process.faults).toEqual([]);
          await expectAgreement(process, ['a', 'b']);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keep their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepOf(fc.constant('a'), false), { maxLength: 40, size: 'max' }),
        fc.array(fault, { maxLength: 20, size: 'max' }),
        async (steps, list) => {
          const process = new OnlyWriter(() => list.shift() ?? 'fine');
          process.run('a', openTill, 'open');
          await perform(process, steps, (_step, index) => `c${index}`);
          expect(process.faults).toEqual([]);
          const history = await process.world.store().history(till, 'a');
          const stored = [...new Set(history.map(({ metadata }) => metadata.commandId))];
          const sent = process.sent.map((name) => contextOf(`a/${name}`).commandId);
          expect(stored).toEqual(sent.filter((id) => stored.includes(id)));
        },
      ),
      { numRuns: 150 },
    );
  });
});
