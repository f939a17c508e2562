import { readFileSync, existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppendOutcomeUnknown, LogUnavailable, type Position } from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { MemoryEventLog } from '#libs/testing/memory-event-log.js';
import { temporaryViews } from '#libs/testing/temporary-views.js';
import { contextOf, tillWorld, type TillWorld } from '#libs/testing/till-store.js';
import { tillRows, tillView } from '#libs/testing/till-view.js';
import { till, tillEvents, type TillCommand } from '#libs/testing/till.js';
import type { Views } from '#libs/views/port/index.js';
import type { DecodedEvent } from '../codec/index.js';
import type { CachingDeciderStore } from '../runner/index.js';
import {
  type Consumers,
  createConsumers,
  type ProcessManager,
  type Projection,
  ProjectionLagging,
} from './index.js';

const open: TillCommand = { kind: 'open', limitFen: 1_000_000n };
const deposit = (amountFen: bigint): TillCommand => ({ kind: 'deposit', amountFen, note: 'n' });

let world: TillWorld;
let store: CachingDeciderStore;
let files: ReturnType<typeof temporaryViews>;
let views: Views;
let running: Consumers[];
let faults: string[];
let sent: number;

beforeEach(() => {
  const real = systemRuntime();
  // Pauses pass at once: what is tested is that they are taken, in what order, and how often.
  const runtime: Runtime = {
    ...real,
    timers: { ...real.timers, sleep: (ms, signal) => real.timers.sleep(Math.min(ms, 2), signal) },
  };
  world = tillWorld({ runtime, log: new MemoryEventLog({ pageSize: 16 }) });
  store = world.store();
  files = temporaryViews();
  views = files.open();
  running = [];
  faults = [];
  sent = 0;
});

afterEach(async () => {
  for (const consumers of running) await consumers.stop();
  await views.close();
  files.remove();
});

async function send(id: string, command: TillCommand): Promise<Position> {
  sent += 1;
  const result = await store.run(till, id, command, contextOf(`command ${sent}`));
  if (!result.accepted) throw new Error(result.rejection.code);
  return result.position!;
}

async function start(parts: {
  readonly projections?: readonly Projection[];
  readonly managers?: readonly ProcessManager[];
}): Promise<Consumers> {
  const consumers = createConsumers({
    ...world,
    views,
    report: (name, error) => faults.push(`${name}: ${String(error)}`),
  });
  for (const projection of parts.projections ?? []) consumers.addProjection(projection);
  for (const manager of parts.managers ?? []) consumers.addProcessManager(manager);
  running.push(consumers);
  await consumers.start();
  return consumers;
}

function manager(
  react: (event: DecodedEvent) => Promise<void>,
  rest: Partial<ProcessManager> = {},
): ProcessManager {
  return { name: 'manager', events: [tillEvents], react, ...rest };
}

async function deadLetters(): Promise<Record<string, unknown>[]> {
  const database = views.database<{ dead_letters: Record<string, unknown> }>();
  return (await database.selectFrom('dead_letters').selectAll().execute()).map((row) => ({ ...row }));
}

describe('projections', () => {
  it('apply what is stored and what comes, and can be waited for', async () => {
    await send('a', open);
    const consumers = await start({ projections: [tillView] });
    await consumers.caughtUp();
    expect(await tillRows(views)).toEqual([{ id: 'till-a', deposits: 0, held_minor: 0n, owner: null }]);
    const position = await send('a', deposit(5n));
    await consumers.waitFor(position, 1_000);
    expect(await tillRows(views)).toEqual([{ id: 'till-a', deposits: 1, held_minor: 5n, owner: null }]);
    expect(consumers.status()).toEqual([
      { name: 'tills', checkpoint: position, lagMs: 0, caughtUp: true, deadLetters: 0, stopped: undefined },
    ]);
    expect(faults).toEqual([]);
  });

  it('say when a position was not reached in time', async () => {
    const consumers = await start({ projections: [tillView] });
    await expect(consumers.waitFor('999999' as Position, 20)).rejects.toThrow(ProjectionLagging);
  });

  it('go on after a restart where they stopped, and start over when their version changes', async () => {
    await send('a', open);
    const first = await start({ projections: [tillView] });
    await first.waitFor(await send('a', deposit(5n)), 1_000);
    await first.stop();
    await send('a', deposit(6n));
    const again = await start({ projections: [tillView] });
    await again.caughtUp();
    expect((await tillRows(views))[0]).toMatchObject({ deposits: 2, held_minor: 11n });
    await again.stop();
    const applied: number[] = [];
    const raised = await start({
      projections: [
        {
          ...tillView,
          version: 2,
          project: (event, view) => (applied.push(event.revision), tillView.project(event, view)),
        },
      ],
    });
    await raised.caughtUp();
    expect(applied).toEqual([0, 1, 2]);
    expect((await tillRows(views))[0]).toMatchObject({ deposits: 2, held_minor: 11n });
  });

  it('catch up by themselves and then share one reading, without missing or doubling an event', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `${index}`);
    for (const id of ids) await send(id, open);
    const other = { ...tillView, name: 'others', tables: [{ ...tillView.tables[0]!, name: 'others' }] };
    const renamed: Projection = {
      ...other,
      project: (event, view) =>
        tillView.project(event, {
          ...view,
          put: (_table, row) => view.put('others', row),
          add: (_table, where, deltas) => view.add('others', where, deltas),
          patch: (_table, where, set) => view.patch('others', where, set),
        }),
    };
    const first = await start({ projections: [tillView] });
    await first.caughtUp();
    await first.stop();
    // One starts at the end, the other at the beginning, while commands go on.
    const consumers = await start({ projections: [tillView, renamed] });
    const sends: Promise<Position>[] = [];
    for (let round = 0; round < 60; round += 1) {
      for (const id of ids) sends.push(send(id, deposit(1n)));
      if (round % 5 === 0) await Promise.all(sends);
      if (round === 30) void consumers.rebuild('others');
    }
    await Promise.all(sends);
    await consumers.caughtUp();
    const expected = ids.map((id) => ({ id: `till-${id}`, deposits: 60, held_minor: 60n, owner: null }));
    expect(await tillRows(views)).toEqual(expected);
    const rows = await views
      .database<{ others: Record<string, unknown> }>()
      .selectFrom('others')
      .selectAll()
      .orderBy('id')
      .execute();
    expect(rows.map((row) => ({ ...row }))).toEqual(expected);
    expect(consumers.status().map(({ caughtUp }) => caughtUp)).toEqual([true, true]);
  });

  it('put a poison event aside and move on', async () => {
    await send('a', open);
    await send('a', deposit(13n));
    await send('a', deposit(5n));
    await send('a', { kind: 'name', ownerId: 's1', name: '王小明', phone: '13800000000' });
    const picky: Projection = {
      ...tillView,
      project: (event, view) => {
        tillView.project(event, view);
        const data = event.event.data as { amountFen?: bigint; owner?: { name: string } };
        if (data.amountFen === 13n) throw new RangeError('thirteen');
        if (data.owner) throw new Error(`I don't like ${data.owner.name}`);
      },
    };
    const consumers = await start({ projections: [picky] });
    await consumers.caughtUp();
    expect((await tillRows(views))[0]).toMatchObject({ deposits: 1, held_minor: 5n, owner: null });
    expect(consumers.status()[0]).toMatchObject({ deadLetters: 2, caughtUp: true });
    expect(await deadLetters()).toEqual(
      [
        expect.objectContaining({
          consumer: 'tills',
          stream: 'till-a',
          revision: 1,
          type: 'CashDeposited.v2',
          reason: 'RangeError: thirteen',
        }),
        expect.objectContaining({
          revision: 3,
          type: 'OwnerNamed.v1',
          reason: 'Error: message withheld, the event holds personal data',
        }),
      ].sort(byEventId(await deadLetters())),
    );
    expect(JSON.stringify(await deadLetters())).not.toMatch(/王小明/);
    // Corrected: a rebuild takes the dead letters along.
    await consumers.stop();
    const corrected = await start({ projections: [{ ...tillView, version: 2 }] });
    await corrected.caughtUp();
    expect((await tillRows(views))[0]).toMatchObject({ deposits: 2, held_minor: 18n, owner: '王小明' });
    expect(await deadLetters()).toEqual([]);
  });

  it('put an event aside that cannot be decoded', async () => {
    await send('a', open);
    const raw = { id: '00000000-0000-8000-8000-000000000001', metadata: {} };
    await world.log.append('till-a', 0, [{ ...raw, type: 'TillOpened.v1', data: { limit: 'x' } }]);
    const consumers = await start({ projections: [tillView] });
    await consumers.caughtUp();
    expect(await deadLetters()).toMatchObject([
      { reason: 'UndecodableEvent: Event till-a revision 1 cannot be read as TillOpened.v1. (SyntaxError)' },
    ]);
  });

  it('stop at a type they do not know, after everything before it', async () => {
    await send('a', open);
    const raw = { id: '00000000-0000-8000-8000-000000000001', metadata: {}, data: {} };
    await world.log.append('till-a', 0, [{ ...raw, type: 'CashDeposited.v3' }]);
    await store.load(till, 'b');
    await send('b', open);
    const reacted: string[] = [];
    const consumers = await start({
      projections: [tillView],
      managers: [manager(async ({ stream }) => void reacted.push(stream))],
    });
    await expect(consumers.caughtUp()).rejects.toThrow('Stopped: ');
    expect((await tillRows(views)).map(({ id }) => id)).toEqual(['till-a']);
    expect(reacted).toEqual(['till-a']);
    const reason = 'Event type CashDeposited.v3 (till-a, revision 1) is not known to this program.';
    expect(consumers.status()).toMatchObject([
      { name: 'tills', caughtUp: false, stopped: reason },
      { name: 'manager', caughtUp: false, stopped: reason },
    ]);
    await expect(consumers.waitFor((await world.log.lastPosition())!, 60_000)).rejects.toThrow(
      ProjectionLagging,
    );
  });

  it('signal what they applied', async () => {
    const consumers = await start({ projections: [tillView] });
    const seen: string[] = [];
    consumers.onApplied(() => {
      throw new Error('a careless listener');
    });
    const off = consumers.onApplied((name, events) =>
      seen.push(...events.map(({ event }) => `${name} ${event.type}`)),
    );
    await consumers.waitFor(await send('a', open), 1_000);
    off();
    await consumers.waitFor(await send('a', deposit(1n)), 1_000);
    expect(seen).toEqual(['tills TillOpened']);
  });
});

function byEventId(order: readonly Record<string, unknown>[]) {
  const place = (expected: unknown) => {
    const { revision } = (expected as { sample: { revision: number } }).sample;
    return order.findIndex((row) => row['revision'] === revision);
  };
  return (one: unknown, other: unknown) => place(one) - place(other);
}

describe('process managers', () => {
  it('react to each event once, store how far they are, and go on from there', async () => {
    const reacted: number[] = [];
    const react = async ({ revision }: DecodedEvent) => void reacted.push(revision);
    await send('a', open);
    const first = await start({ managers: [manager(react)] });
    await first.caughtUp();
    await send('a', deposit(1n));
    await first.caughtUp();
    await first.stop();
    expect(await views.checkpoint('manager')).toBe(await world.log.lastPosition());
    await send('a', deposit(2n));
    const again = await start({ managers: [manager(react)] });
    await again.caughtUp();
    expect(reacted).toEqual([0, 1, 2]);
  });

  it('repeat after passing faults for as long as they last, and after others a few times, then put the event aside', async () => {
    const tries: Record<number, number> = {};
    await send('a', open);
    await send('a', deposit(1n));
    await send('a', deposit(2n));
    const consumers = await start({
      managers: [
        manager(async ({ revision }) => {
          tries[revision] = (tries[revision] ?? 0) + 1;
          if (revision === 0 && tries[0]! < 12) throw new LogUnavailable('later');
          if (revision === 1) throw new Error('never');
          if (revision === 2 && tries[2]! < 3) throw new AppendOutcomeUnknown('who knows');
        }),
      ],
    });
    await consumers.caughtUp();
    expect(tries).toEqual({ 0: 12, 1: 5, 2: 3 });
    expect(await deadLetters()).toMatchObject([{ consumer: 'manager', revision: 1, reason: 'Error: never' }]);
    expect(consumers.status()[0]).toMatchObject({ deadLetters: 1, caughtUp: true });
  });

  it('keep the order within a stream and overlap streams as far as allowed', async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      await send(id, open);
      for (let count = 0; count < 5; count += 1) await send(id, deposit(1n));
    }
    const order: Record<string, number[]> = {};
    const running = { now: 0, most: 0 };
    const react = async ({ stream, revision }: DecodedEvent): Promise<void> => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await world.runtime.timers.sleep(1);
      (order[stream] ??= []).push(revision);
      running.now -= 1;
    };
    const consumers = await start({ managers: [manager(react, { concurrency: 3 })] });
    await consumers.caughtUp();
    const all = [0, 1, 2, 3, 4, 5];
    expect(order).toEqual({ 'till-a': all, 'till-b': all, 'till-c': all, 'till-d': all });
    expect(running.most).toBe(3);
  });

  it('never store a checkpoint past a reaction that is not done', async () => {
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await send(id, open);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const reacted: string[] = [];
    const consumers = await start({
      managers: [
        manager(
          async ({ stream }) => {
            if (stream === 'till-a') await gate;
            reacted.push(stream);
          },
          { concurrency: 3 },
        ),
      ],
    });
    while (reacted.length < 2) await world.runtime.timers.sleep(1);
    expect(await views.checkpoint('manager')).toBeUndefined();
    expect(consumers.status()[0]).toMatchObject({ checkpoint: undefined, caughtUp: false });
    release();
    await consumers.caughtUp();
    await consumers.stop();
    expect(await views.checkpoint('manager')).toBe(await world.log.lastPosition());
  });

  it('are told when the log has been read to its end, after their reactions', async () => {
    await send('a', open);
    const told: string[] = [];
    const consumers = await start({
      managers: [
        manager(async () => void told.push('reacted'), { caughtUp: async () => void told.push('caught up') }),
      ],
    });
    await consumers.caughtUp();
    while (told.length < 2) await world.runtime.timers.sleep(1);
    expect(told).toEqual(['reacted', 'caught up']);
  });

  it('that are slow hold up nobody else', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const reacted: number[] = [];
    const consumers = await start({
      projections: [tillView],
      managers: [manager(async ({ revision }) => (await gate, void reacted.push(revision)))],
    });
    await send('a', open);
    let last: Position | undefined;
    for (let count = 0; count < 2_500; count += 1) last = await send('a', deposit(1n));
    await consumers.waitFor(last!, 5_000);
    expect((await tillRows(views))[0]).toMatchObject({ deposits: 2_500 });
    release();
    await consumers.caughtUp();
    expect(reacted).toEqual(Array.from({ length: 2_501 }, (_, index) => index));
  });
});

describe('erasure', () => {
  it('leaves no plaintext in log, views and dead letters', async () => {
    const consumers = await start({
      projections: [tillView],
      managers: [
        manager(async ({ event }) => {
          throw new Error(JSON.stringify(event.data, (_key, value: unknown) => String(value)));
        }),
      ],
    });
    await send('a', open);
    await send('a', { kind: 'name', ownerId: 's1', name: 'PlainName', phone: 'PlainPhone' });
    await consumers.caughtUp();
    expect((await tillRows(views))[0]?.owner).toBe('PlainName');
    await world.subjectKeys.destroy('s1' as never);
    await consumers.rebuild('tills');
    expect((await tillRows(views))[0]?.owner).toBeNull();
    await consumers.stop();
    await views.close();
    const bytes = ['', '-wal']
      .map((suffix) => files.file + suffix)
      .filter(existsSync)
      .map((file) => readFileSync(file, 'latin1'))
      .join('');
    expect(bytes).toContain('till-a');
    expect(bytes).not.toMatch(/Plain(Name|Phone)/);
    const log: unknown[] = [];
    for await (const page of world.log.readAll()) log.push(...page);
    expect(JSON.stringify(log)).not.toMatch(/Plain(Name|Phone)/);
    views = files.open();
  });
});
