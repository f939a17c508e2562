import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Position } from '#libs/event-log/port/index.js';
import { ConsumersWorld, depositOf, openTill, tillManager } from '#libs/testing/consumers-world.js';
import { tillRows, tillView } from '#libs/testing/till-view.js';
import { till } from '#libs/testing/till.js';
import { type Projection, ProjectionLagging } from './index.js';

let given: ConsumersWorld;
beforeEach(() => {
  given = new ConsumersWorld();
});
afterEach(() => given.close());

describe('projections', () => {
  it('apply what is stored and what comes, and can be waited for', async () => {
    await given.send('a', openTill);
    const consumers = await given.start({ projections: [tillView] });
    await consumers.caughtUp();
    expect(await tillRows(given.views)).toEqual([{ id: 'till-a', deposits: 0, held_minor: 0n, owner: null }]);
    const position = await given.send('a', depositOf(5n));
    await consumers.waitFor(position, 1_000);
    expect(await tillRows(given.views)).toEqual([{ id: 'till-a', deposits: 1, held_minor: 5n, owner: null }]);
    expect(consumers.status()).toEqual([
      { name: 'tills', checkpoint: position, lagMs: 0, caughtUp: true, deadLetters: 0, stopped: undefined },
    ]);
    expect(given.faults).toEqual([]);
  });

  it('say when a position was not reached in time', async () => {
    const consumers = await given.start({ projections: [tillView] });
    await expect(consumers.waitFor('999999' as Position, 20)).rejects.toThrow(ProjectionLagging);
  });

  it('go on after a restart where they stopped, and start over when their version changes', async () => {
    await given.send('a', openTill);
    const first = await given.start({ projections: [tillView] });
    await first.waitFor(await given.send('a', depositOf(5n)), 1_000);
    await first.stop();
    await given.send('a', depositOf(6n));
    const again = await given.start({ projections: [tillView] });
    await again.caughtUp();
    expect((await tillRows(given.views))[0]).toMatchObject({ deposits: 2, held_minor: 11n });
    await again.stop();
    const applied: number[] = [];
    const raised = await given.start({
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
    expect((await tillRows(given.views))[0]).toMatchObject({ deposits: 2, held_minor: 11n });
  });

  it('catch up by themselves and then share one reading, without missing or doubling an event', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `${index}`);
    for (const id of ids) await given.send(id, openTill);
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
    const first = await given.start({ projections: [tillView] });
    await first.caughtUp();
    await first.stop();
    // One starts at the end, the other at the beginning, while commands go on.
    const consumers = await given.start({ projections: [tillView, renamed] });
    const sends: Promise<Position>[] = [];
    for (let round = 0; round < 60; round += 1) {
      for (const id of ids) sends.push(given.send(id, depositOf(1n)));
      if (round % 5 === 0) await Promise.all(sends);
      if (round === 30) void consumers.rebuild('others');
    }
    await Promise.all(sends);
    await consumers.caughtUp();
    const expected = ids.map((id) => ({ id: `till-${id}`, deposits: 60, held_minor: 60n, owner: null }));
    expect(await tillRows(given.views)).toEqual(expected);
    const rows = await given.views
      .database<{ others: Record<string, unknown> }>()
      .selectFrom('others')
      .selectAll()
      .orderBy('id')
      .execute();
    expect(rows.map((row) => ({ ...row }))).toEqual(expected);
    expect(consumers.status().map(({ caughtUp }) => caughtUp)).toEqual([true, true]);
  });

  it('put a poison event aside and move on', async () => {
    await given.send('a', openTill);
    await given.send('a', depositOf(13n));
    await given.send('a', depositOf(5n));
    await given.send('a', { kind: 'name', ownerId: 's1', name: '王小明', phone: '13800000000' });
    const picky: Projection = {
      ...tillView,
      project: (event, view) => {
        tillView.project(event, view);
        const data = event.event.data as { amountFen?: bigint; owner?: { name: string } };
        if (data.amountFen === 13n) throw new RangeError('thirteen');
        if (data.owner) throw new Error(`I don't like ${data.owner.name}`);
      },
    };
    const consumers = await given.start({ projections: [picky] });
    await consumers.caughtUp();
    expect((await tillRows(given.views))[0]).toMatchObject({ deposits: 1, held_minor: 5n, owner: null });
    expect(consumers.status()[0]).toMatchObject({ deadLetters: 2, caughtUp: true });
    expect(await given.deadLetters()).toEqual([
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
    ]);
    expect(JSON.stringify(await given.deadLetters())).not.toMatch(/王小明/);
    // Corrected: a rebuild takes the dead letters along.
    await consumers.stop();
    const corrected = await given.start({ projections: [{ ...tillView, version: 2 }] });
    await corrected.caughtUp();
    expect((await tillRows(given.views))[0]).toMatchObject({ deposits: 2, held_minor: 18n, owner: '王小明' });
    expect(await given.deadLetters()).toEqual([]);
  });

  it('put an event aside that cannot be decoded', async () => {
    await given.send('a', openTill);
    const raw = { id: '00000000-0000-8000-8000-000000000001', metadata: {} };
    await given.world.log.append('till-a', 0, [{ ...raw, type: 'TillOpened.v1', data: { limit: 'x' } }]);
    const consumers = await given.start({ projections: [tillView] });
    await consumers.caughtUp();
    expect(await given.deadLetters()).toMatchObject([
      { reason: 'UndecodableEvent: Event till-a revision 1 cannot be read as TillOpened.v1. (SyntaxError)' },
    ]);
  });

  it('stop at a type they do not know, after everything before it', async () => {
    await given.send('a', openTill);
    const raw = { id: '00000000-0000-8000-8000-000000000001', metadata: {}, data: {} };
    await given.world.log.append('till-a', 0, [{ ...raw, type: 'CashDeposited.v3' }]);
    await given.store.load(till, 'b');
    await given.send('b', openTill);
    const reacted: string[] = [];
    const consumers = await given.start({
      projections: [tillView],
      managers: [tillManager(async ({ stream }) => void reacted.push(stream))],
    });
    await expect(consumers.caughtUp()).rejects.toThrow('Stopped: ');
    expect((await tillRows(given.views)).map(({ id }) => id)).toEqual(['till-a']);
    expect(reacted).toEqual(['till-a']);
    const reason = 'Event type CashDeposited.v3 (till-a, revision 1) is not known to this program.';
    expect(consumers.status()).toMatchObject([
      { name: 'tills', caughtUp: false, stopped: reason },
      { name: 'manager', caughtUp: false, stopped: reason },
    ]);
    await expect(consumers.waitFor((await given.world.log.lastPosition())!, 60_000)).rejects.toThrow(
      ProjectionLagging,
    );
  });

  it('signal what they applied', async () => {
    const consumers = await given.start({ projections: [tillView] });
    const seen: string[] = [];
    consumers.onApplied(() => {
      throw new Error('a careless listener');
    });
    const off = consumers.onApplied((name, events) =>
      seen.push(...events.map(({ event }) => `${name} ${event.type}`)),
    );
    await consumers.waitFor(await given.send('a', openTill), 1_000);
    off();
    await consumers.waitFor(await given.send('a', depositOf(1n)), 1_000);
    expect(seen).toEqual(['tills TillOpened']);
  });
});

describe('erasure', () => {
  it('leaves no plaintext in log, views and dead letters', async () => {
    const consumers = await given.start({
      projections: [tillView],
      managers: [
        tillManager(async ({ event }) => {
          throw new Error(JSON.stringify(event.data, (_key, value: unknown) => String(value)));
        }),
      ],
    });
    await given.send('a', openTill);
    await given.send('a', { kind: 'name', ownerId: 's1', name: 'PlainName', phone: 'PlainPhone' });
    await consumers.caughtUp();
    expect((await tillRows(given.views))[0]?.owner).toBe('PlainName');
    await given.world.subjectKeys.destroy('s1' as never);
    await consumers.rebuild('tills');
    expect((await tillRows(given.views))[0]?.owner).toBeNull();
    await consumers.stop();
    await given.views.close();
    const bytes = ['', '-wal']
      .map((suffix) => given.files.file + suffix)
      .filter(existsSync)
      .map((file) => readFileSync(file, 'latin1'))
      .join('');
    expect(bytes).toContain('till-a');
    expect(bytes).not.toMatch(/Plain(Name|Phone)/);
    const log: unknown[] = [];
    for await (const page of given.world.log.readAll()) log.push(...page);
    expect(JSON.stringify(log)).not.toMatch(/Plain(Name|Phone)/);
    given.views = given.files.open();
  });
});
