import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { type AppendFault, faultyEventLog } from '#libs/testing/faulty-event-log.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { till, tillDecider, type TillCommand, type TillState } from '#libs/testing/till.js';
import { verifyLog } from './index.js';

const command: fc.Arbitrary<TillCommand> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), limitFen: fc.bigInt(0n, 200n) }),
  fc.record({
    kind: fc.constant('deposit' as const),
    amountFen: fc.bigInt(0n, 60n),
    times: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('name' as const),
    ownerId: fc.constant('s1'),
    name: fc.string(),
    phone: fc.string(),
  }),
);

interface Step {
  readonly store: 0 | 1;
  readonly stream: string;
  readonly command: TillCommand;
  /** Few ids, so that many are used twice. */
  readonly commandId: number;
  /** Waits for everything under way before. */
  readonly settle: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  store: fc.constantFrom(0 as const, 1 as const),
  stream: fc.constantFrom('a', 'b'),
  command,
  commandId: fc.nat(12),
  settle: fc.boolean(),
});

const fault: fc.Arbitrary<AppendFault> = fc.constantFrom('fine', 'fine', 'fine', 'ack-lost', 'request-lost');

async function stored(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll()) events.push(...page);
  return events;
}

describe('two stores on one log', () => {
  it('agree with the log, whatever is interleaved, cached, repeated and lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(fault, { maxLength: 8 }),
        fc.nat(3),
        async (steps, list, cachedStreams) => {
          const world = tillWorld({ runtime: { ...systemRuntime(), timers: eager() } });
          const log = faultyEventLog(world.log, () => list.shift() ?? 'fine');
          const stores = [world.store({ cachedStreams }, log), world.store({}, log)] as const;
          let running: Promise<unknown>[] = [];
          const first = new Map<string, unknown>();
          for (const { store, stream, command: asked, commandId, settle } of steps) {
            if (settle) await Promise.all(running.splice(0));
            const key = `${stream}/${commandId}`;
            const run = stores[store].run(till, stream, asked, contextOf(key)).then((result) => {
              if (!result.accepted || result.events.length === 0) return;
              // A command id has one outcome, for whoever asks, and as often as it is asked.
              if (first.has(key)) expect(result.events).toEqual(first.get(key));
              else first.set(key, result.events);
            });
            running.push(run);
          }
          await Promise.all(running);
          running = [];
          await expectAgreement(world, stores, first);
        },
      ),
      { numRuns: 150 },
    );
  });

  async function expectAgreement(
    world: ReturnType<typeof tillWorld>,
    stores: readonly ReturnType<typeof world.store>[],
    first: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    const fresh = world.store();
    const byCommand = new Map<string, number[]>();
    for (const stream of ['a', 'b']) {
      const history = await fresh.history(till, stream);
      // Folding throws where a cached state had let an impossible event through.
      const state: TillState = fold(
        tillDecider,
        history.map(({ event }) => event),
      );
      for (const store of [...stores, fresh]) {
        expect(await store.load(till, stream)).toEqual({ state, revision: history.length - 1 });
      }
      for (const { metadata, revision } of history) {
        const key = `${stream}/${metadata.commandId}`;
        byCommand.set(key, [...(byCommand.get(key) ?? []), revision]);
      }
    }
    // Each command stored once: its events stand together, and as many as it answered with.
    expect(byCommand.size).toBe(first.size);
    for (const revisions of byCommand.values()) {
      expect(revisions.at(-1)! - revisions[0]!).toBe(revisions.length - 1);
    }
    expect((await verifyLog(world.log)).firstBad).toBeUndefined();
  }
});

/** Pauses cost nothing here. */
function eager() {
  const { timers } = systemRuntime();
  return { ...timers, sleep: async () => undefined };
}

describe('verifyLog', () => {
  async function written(): Promise<RecordedEvent[]> {
    const world = tillWorld();
    const store = world.store();
    for (const id of ['1', '2']) {
      await store.run(till, id, { kind: 'open', limitFen: 1_000n }, contextOf(`open ${id}`));
      await store.run(
        till,
        id,
        { kind: 'deposit', amountFen: 5n, times: 3, note: '学费' },
        contextOf(`pay ${id}`),
      );
      await store.run(
        till,
        id,
        { kind: 'name', ownerId: 's', name: 'n', phone: 'p' },
        contextOf(`name ${id}`),
      );
    }
    return stored(world.log);
  }
  const logOf = (events: readonly RecordedEvent[]): Pick<MemoryEventLog, 'readAll'> => ({
    readAll: async function* () {
      yield events;
    },
  });

  it('passes what was written', async () => {
    const events = await written();
    expect(await verifyLog(logOf(events))).toEqual({
      events: 10,
      streams: 2,
      lastPosition: events.at(-1)!.position,
      firstBad: undefined,
    });
  });

  it('finds every change of a single character of any stored text', async () => {
    const events = await written();
    let tampered = 0;
    for (const [index, event] of events.entries()) {
      for (const field of ['id', 'type', 'stream', 'data', 'metadata'] as const) {
        const text = JSON.stringify(event[field]);
        for (let at = 0; at < text.length; at += 1) {
          const changed = parsed(
            text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1),
          );
          if (changed === undefined || JSON.stringify(changed) === text) continue;
          const forged = events.with(index, { ...event, [field]: changed } as RecordedEvent);
          const { firstBad } = await verifyLog(logOf(forged));
          expect({ index, field, at, found: firstBad?.revision }).toEqual({
            index,
            field,
            at,
            found: event.revision,
          });
          tampered += 1;
        }
      }
    }
    expect(tampered).toBeGreaterThan(2_500);
  });

  it('finds missing, repeated, exchanged and moved events', async () => {
    const events = await written();
    const [first, second, third] = events as [RecordedEvent, RecordedEvent, RecordedEvent];
    const why = async (forged: readonly RecordedEvent[]) => (await verifyLog(logOf(forged))).firstBad;
    const { stream, position, revision } = third;
    expect(await why(events.toSpliced(1, 1))).toEqual({
      stream,
      revision,
      position,
      why: 'revision 1 was expected here',
    });
    expect(await why(events.toSpliced(0, 1))).toMatchObject({
      revision: 1,
      why: 'revision 0 was expected here',
    });
    expect(await why([first, second, second])).toMatchObject({
      why: `it stands after position ${second.position}`,
    });
    const exchanged = [
      first,
      { ...second, data: third.data, id: third.id },
      { ...third, data: second.data, id: second.id },
    ];
    expect(await why(exchanged)).toMatchObject({
      revision: 1,
      why: 'its hash does not fit its content and the event before it',
    });
    const { hash: _hash, ...bare } = first.metadata;
    expect(await why([{ ...first, metadata: bare }])).toMatchObject({
      revision: 0,
      why: 'it carries no hash',
    });
    const elsewhere = events.slice(0, 5).map((event) => ({ ...event, stream: 'till-9' }));
    expect(await why(elsewhere)).toMatchObject({ stream: 'till-9', revision: 0 });
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
