import { describe, expect, it } from '@jest/globals';
import {
  type EventLog,
  LogOverloaded,
  type RecordedEvent,
  RevisionConflict,
} from '#libs/event-log/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { type AppendFault, faultyEventLog } from '#libs/testing/faulty-event-log.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { till, type TillCommand } from '#libs/testing/till.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { CommandOverloaded, CommandTimedOut, verifyLog } from './index.js';

const open: TillCommand = { kind: 'open', limitFen: 1_000n };
const deposit = (amountFen: bigint, times = 1): TillCommand => ({ kind: 'deposit', amountFen, times });

async function stored(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll()) events.push(...page);
  return events;
}

function faults(...list: AppendFault[]): () => AppendFault {
  return () => list.shift() ?? 'fine';
}

describe('run', () => {
  it('decides, stores with the whole metadata, and answers with state, revision and position', async () => {
    const { store, log } = tillWorld();
    const result = await store().run(
      till,
      '1',
      open,
      contextOf('a', { causationId: 'cause', organisation: 'org' }),
    );
    const [event] = await stored(log);
    expect(result).toStrictEqual({
      accepted: true,
      events: [{ type: 'TillOpened', data: { limitFen: 1_000n } }],
      state: { status: 'open', limitFen: 1_000n, heldFen: 0n, deposits: 0 },
      revision: 0,
      position: event!.position,
      replayed: false,
    });
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'TillOpened.v1',
      data: { limit: '1000' },
      metadata: {
        commandId: contextOf('a').commandId,
        correlationId: 'correlation',
        causationId: 'cause',
        actor: 'account-1',
        tenant: 'tenant-1',
        organisation: 'org',
        at: '2026-09-01T08:00:00.000Z',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      stream: 'till-1',
      revision: 0,
      position: event!.position,
      recordedAt: expect.any(String),
    });
  });

  it('answers a refusal, and an acceptance without events, without storing anything', async () => {
    const { store, log } = tillWorld();
    const one = store();
    const state = { status: 'absent' };
    const rejection = { code: 'TILL_ABSENT', message: 'TILL_ABSENT.' };
    expect(await one.run(till, '1', deposit(1n), contextOf('a'))).toStrictEqual({
      accepted: false,
      rejection,
      state,
    });
    await one.run(till, '1', open, contextOf('b'));
    expect(await one.run(till, '1', deposit(1n, 0), contextOf('c'))).toStrictEqual({
      accepted: true,
      events: [],
      state: { status: 'open', limitFen: 1_000n, heldFen: 0n, deposits: 0 },
      revision: 0,
      replayed: false,
    });
    expect((await stored(log)).length).toBe(1);
  });

  it.each([true, false])(
    'replays a command id with the events of the first time (same store: %s)',
    async (same) => {
      const { store, log } = tillWorld();
      const one = store();
      await one.run(till, '1', open, contextOf('a'));
      const first = await one.run(till, '1', deposit(10n, 3), contextOf('b'));
      await one.run(till, '1', deposit(5n), contextOf('c'));
      const other = same ? one : store();
      // Another input and time under the same id: the first time counts.
      const again = await other.run(
        till,
        '1',
        deposit(77n),
        contextOf('b', { at: '2026-09-02T00:00:00.000Z' as never }),
      );
      const state = { status: 'open', limitFen: 1_000n, heldFen: 35n, deposits: 4 };
      expect(again).toStrictEqual({ ...first, state, revision: 4, replayed: true });
      // The first command of a stream too, where a store that has not read the stream assumes it to be new.
      const opened = await other.run(
        till,
        '1',
        { kind: 'open', limitFen: 9n },
        contextOf('a', { actor: 'other' }),
      );
      expect(opened).toMatchObject({
        replayed: true,
        events: [{ type: 'TillOpened', data: { limitFen: 1_000n } }],
      });
      expect((await stored(log)).length).toBe(5);
    },
  );

  it('decides again when another process was faster', async () => {
    const { store, log } = tillWorld();
    const [one, two] = [store(), store()];
    await one.run(till, '1', open, contextOf('a'));
    await two.run(till, '1', deposit(900n), contextOf('b'));
    const refused = await one.run(till, '1', deposit(200n), contextOf('c'));
    expect(refused).toMatchObject({ accepted: false, rejection: { code: 'LIMIT_EXCEEDED' } });
    expect(one.stats()).toEqual({ cachedStreams: 1, loads: 1, conflicts: 1, replays: 0 });
    expect((await stored(log)).map(({ revision }) => revision)).toEqual([0, 1]);
  });

  it('never refuses on a state that is out of date', async () => {
    const { store } = tillWorld();
    const [one, two] = [store(), store()];
    expect(await one.run(till, '1', deposit(1n), contextOf('a'))).toMatchObject({ accepted: false });
    await two.run(till, '1', open, contextOf('b'));
    expect(await one.run(till, '1', deposit(1n), contextOf('c'))).toMatchObject({ accepted: true });
    expect((await one.load(till, '1')).revision).toBe(1);
    expect((await two.load(till, '1')).revision).toBe(1);
  });

  it('gives up after a bounded number of conflicts', async () => {
    const { store } = tillWorld({ log: new MemoryEventLog() });
    const inner = new MemoryEventLog();
    const never = new Proxy(inner, {
      get: (target, property) =>
        property === 'append'
          ? () => Promise.reject(new RevisionConflict('till-1', 'no-stream', 7))
          : (Reflect.get(target, property, target) as () => unknown).bind(target),
    });
    const one = store({ attempts: 3 }, never);
    await expect(one.run(till, '1', open, contextOf('a'))).rejects.toThrow(RevisionConflict);
    expect(one.stats().conflicts).toBe(3);
  });

  it('stores nothing that could not be folded again', async () => {
    const { store, log } = tillWorld();
    const broken = {
      ...till,
      decider: {
        ...till.decider,
        evolve: () => {
          throw new ImpossibleHistoryError('bug');
        },
      },
    };
    await expect(store().run(broken, '1', open, contextOf('a'))).rejects.toThrow('bug');
    expect(await stored(log)).toEqual([]);
  });
});

describe('an append of unknown outcome', () => {
  const runtime = systemRuntime();

  it.each<[string, AppendFault[]]>([
    ['stored at the first try', ['ack-lost']],
    ['stored at a later try', ['request-lost', 'request-lost']],
    ['stored, then overloaded', ['ack-lost', 'overloaded']],
  ])('is repeated identically: %s', async (_name, list) => {
    const { store, log } = tillWorld({ runtime });
    const result = await store({}, faultyEventLog(log, faults(...list))).run(till, '1', open, contextOf('a'));
    expect(result).toMatchObject({ accepted: true, revision: 0, replayed: false });
    expect((await stored(log)).length).toBe(1);
    expect((await verifyLog(log)).firstBad).toBeUndefined();
  });

  it('times out as unknown, and the command can be sent again', async () => {
    const { store, log } = tillWorld({ runtime });
    let down = true;
    const one = store(
      {},
      faultyEventLog(log, () => (down ? 'ack-lost' : 'fine')),
    );
    const timedOut = one.run(till, '1', open, contextOf('a', { deadlineMs: 60 }));
    await expect(timedOut).rejects.toThrow('till-1: the deadline passed; whether it was stored is unknown.');
    down = false;
    expect(await one.run(till, '1', open, contextOf('a', { actor: 'b' }))).toMatchObject({
      accepted: true,
      replayed: true,
    });
    expect((await stored(log)).length).toBe(1);
  });

  it('passes on an overload of the first try', async () => {
    const { store, log } = tillWorld({ runtime });
    await expect(
      store(
        {},
        faultyEventLog(log, () => 'overloaded'),
      ).run(till, '1', open, contextOf('a')),
    ).rejects.toThrow(LogOverloaded);
  });
});

describe('the queue of a stream', () => {
  it('runs one command after the other and refuses beyond its bound', async () => {
    const { store, log } = tillWorld();
    const one = store({ queuedPerStream: 3 });
    await one.run(till, '1', open, contextOf('open'));
    const runs = Array.from({ length: 6 }, (_, index) =>
      one.run(till, '1', deposit(1n), contextOf(`d${index}`)),
    );
    const outcomes = (await Promise.allSettled(runs)).map((outcome) =>
      outcome.status === 'fulfilled' && outcome.value.accepted ? outcome.value.revision : outcome,
    );
    const refused = { status: 'rejected', reason: expect.any(CommandOverloaded) };
    expect(outcomes).toEqual([1, 2, 3, 4, refused, refused]);
    expect((await stored(log)).length).toBe(5);
  });

  it('lets a command give up waiting at its deadline', async () => {
    const runtime = manualRuntime();
    const inner = new MemoryEventLog();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const slow = faultyEventLog(inner, () => 'fine');
    const { store } = tillWorld({ log: inner, runtime });
    const gated = new Proxy(slow, {
      get: (target, property) =>
        property === 'append'
          ? async (...append: Parameters<EventLog['append']>) => {
              await gate;
              return target.append(...append);
            }
          : (Reflect.get(target, property, target) as unknown),
    });
    const one = store({}, gated);
    const first = one.run(till, '1', open, contextOf('a'));
    const second = one.run(till, '1', deposit(1n), contextOf('b', { deadlineMs: 100 }));
    const refused = second.catch((error: unknown) => error);
    await runtime.advance(101);
    expect(await refused).toEqual(
      new CommandTimedOut('till-1: the deadline passed while waiting; nothing was stored.'),
    );
    release();
    expect(await first).toMatchObject({ accepted: true });
    expect(runtime.pendingTimers()).toBe(0);
    expect((await stored(inner)).length).toBe(1);
  });
});

describe('the cache', () => {
  it('is bounded and answers loads of the only writer without reading', async () => {
    const { store } = tillWorld();
    const one = store({ cachedStreams: 2, onlyWriter: true });
    for (const id of ['1', '2', '3']) await one.run(till, id, open, contextOf(id));
    expect(one.stats()).toEqual({ cachedStreams: 2, loads: 0, conflicts: 0, replays: 0 });
    expect((await one.load(till, '3')).revision).toBe(0);
    expect(one.stats().loads).toBe(0);
    expect((await one.load(till, '1')).revision).toBe(0);
    expect(one.stats().loads).toBe(1);
    expect(await one.load(till, '4')).toEqual({ state: { status: 'absent' }, revision: -1 });
    one.dropCache();
    expect(one.stats().cachedStreams).toBe(0);
  });
});

describe('personal data', () => {
  it('is sealed on its way to the log and gone with the key', async () => {
    const { store, log, subjectKeys } = tillWorld();
    const one = store();
    await one.run(till, '1', open, contextOf('a'));
    await one.run(
      till,
      '1',
      { kind: 'name', ownerId: 's1', name: '王小明', phone: '13800000000' },
      contextOf('b'),
    );
    expect(JSON.stringify(await stored(log))).not.toMatch(/王小明|13800000000/);
    const named = async () => (await one.history(till, '1'))[1]!.event;
    expect(await named()).toEqual({
      type: 'OwnerNamed',
      data: { ownerId: 's1', owner: { name: '王小明', phone: '13800000000' } },
    });
    await subjectKeys.destroy('s1' as never);
    expect(await named()).toEqual({
      type: 'OwnerNamed',
      data: { ownerId: 's1', owner: { name: null, phone: null } },
    });
    await one.run(
      till,
      '1',
      { kind: 'name', ownerId: 's1', name: '李四', phone: '13900000000' },
      contextOf('c'),
    );
    expect(JSON.stringify(await stored(log))).not.toMatch(/李四|13900000000/);
    expect((await verifyLog(log)).firstBad).toBeUndefined();
  });
});
