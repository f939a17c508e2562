import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  EventTooLarge,
  RevisionConflict,
  comparePositions,
  type ExpectedRevision,
} from '#libs/event-log/port/index.js';
import { collect, event, events, failureOf, idsOf, type ContractContext } from './door.js';

export function appendCases(context: ContractContext): void {
  const { log, stream } = context;

  it('answers with the revision of the last event and a position that grows', async () => {
    const name = stream();
    const first = await log().append(name, 'no-stream', events(3));
    const second = await log().append(name, 2, events(1));
    expect([first.revision, second.revision]).toEqual([2, 3]);
    expect(comparePositions(first.position, second.position)).toBeLessThan(0);
  });

  it('stores what it was given, and says where and when', async () => {
    const name = stream();
    const given = event('PaymentCaptured.v2', {
      asset: 'CNY/2',
      amount: '9007199254740993',
      parts: [1, null, true, { deep: 'x' }],
    });
    const startedAt = Date.now();
    const { position } = await log().append(name, 'no-stream', [given]);
    const [stored] = await collect(log().readStream(name));
    expect(stored).toEqual({ ...given, stream: name, revision: 0, position, recordedAt: expect.any(String) });
    expect(stored!.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    // A server's clock may differ from ours by minutes, not by hours.
    expect(Math.abs(Date.parse(stored!.recordedAt) - startedAt)).toBeLessThan(3_600_000);
  });

  it.each<[string, ExpectedRevision, number | 'absent', number | 'no-stream' | 'stored']>([
    ['no-stream on an absent stream', 'no-stream', 'absent', 'stored'],
    ['no-stream on a stream with events', 'no-stream', 2, 1],
    ['the last revision', 1, 2, 'stored'],
    ['a revision behind', 0, 3, 2],
    ['a revision ahead', 5, 2, 1],
    ['a revision of an absent stream', 0, 'absent', 'no-stream'],
    ['stream-exists on a stream with events', 'stream-exists', 1, 'stored'],
    ['stream-exists on an absent stream', 'stream-exists', 'absent', 'no-stream'],
    ['any on an absent stream', 'any', 'absent', 'stored'],
    ['any on a stream with events', 'any', 3, 'stored'],
  ])('expects %s', async (_, expected, present, outcome) => {
    const name = stream();
    const before = present === 'absent' ? [] : events(present);
    if (before.length > 0) await log().append(name, 'no-stream', before);
    const added = events(2);
    if (outcome === 'stored') {
      expect((await log().append(name, expected, added)).revision).toBe(before.length + 1);
      expect(idsOf(await collect(log().readStream(name)))).toEqual(idsOf([...before, ...added]));
      return;
    }
    const failure = await failureOf(log().append(name, expected, added));
    expect(failure).toBeInstanceOf(RevisionConflict);
    expect(failure).toMatchObject({ stream: name, expected, actual: outcome, stored: 'no' });
    expect(idsOf(await collect(log().readStream(name)))).toEqual(idsOf(before));
  });

  it.each<[string, number, ExpectedRevision]>([
    ['a new stream', 0, 'no-stream'],
    ['a stream with events', 2, 1],
  ])('recognises an identical retry on %s, however late', async (_, present, expected) => {
    const name = stream();
    if (present > 0) await log().append(name, 'no-stream', events(present));
    const added = events(3);
    const first = await log().append(name, expected, added);
    expect(await log().append(name, expected, added)).toEqual(first);
    await log().append(name, first.revision, events(5));
    expect(await log().append(name, expected, added)).toEqual(first);
    expect(await collect(log().readStream(name))).toHaveLength(present + 8);
  });

  it('recognises an identical retry without an explicit revision when it comes soon', async () => {
    const name = stream();
    const added = events(2);
    const first = await log().append(name, 'any', added);
    expect(await log().append(name, 'any', added)).toEqual(first);
    expect(await collect(log().readStream(name))).toHaveLength(2);
  });

  it('refuses the same revision with other ids', async () => {
    const name = stream();
    const added = events(2);
    await log().append(name, 'no-stream', added);
    expect(await failureOf(log().append(name, 'no-stream', events(2)))).toMatchObject({
      name: 'RevisionConflict',
      actual: 1,
    });
    const half = [added[0]!, event()];
    expect(await failureOf(log().append(name, 'no-stream', half))).toMatchObject({
      name: 'RevisionConflict',
      actual: 1,
    });
    const longer = [...added, event()];
    expect(await failureOf(log().append(name, 'no-stream', longer))).toMatchObject({
      name: 'RevisionConflict',
      actual: 1,
    });
    expect(idsOf(await collect(log().readStream(name)))).toEqual(idsOf(added));
  });

  it('takes the same ids at another revision for another append', async () => {
    const name = stream();
    const added = events(1);
    await log().append(name, 'no-stream', added);
    expect(await log().append(name, 0, added)).toMatchObject({ revision: 1 });
    expect(idsOf(await collect(log().readStream(name)))).toEqual([added[0]!.id, added[0]!.id]);
  });

  it('lets exactly one of many appends at the same revision win', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(1));
    const rivals = Array.from({ length: 24 }, () => events(2));
    const outcomes = await Promise.allSettled(rivals.map((rival) => log().append(name, 0, rival)));
    const winners = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'RevisionConflict', actual: 2 });
    }
    expect(idsOf(await collect(log().readStream(name))).slice(1)).toEqual(idsOf(rivals[winners[0]!]!));
  });

  it('keeps every stream in order with 64 appends in flight', async () => {
    const names = Array.from({ length: 64 }, () => stream('wallet'));
    await Promise.all(
      names.map(async (name) => {
        for (let revision = -1; revision < 9; revision += 1) {
          const expected = revision < 0 ? 'no-stream' : revision;
          expect((await log().append(name, expected, [event('X.v1', { revision })])).revision).toBe(
            revision + 1,
          );
        }
      }),
    );
    for (const name of names) {
      const stored = await collect(log().readStream(name));
      expect(stored.map((each) => [each.revision, each.data['revision']])).toEqual(
        Array.from({ length: 10 }, (__, index) => [index, index - 1]),
      );
    }
  });

  it('refuses an append over 1 MiB whole, and takes one just under it', async () => {
    const name = stream();
    const tooMuch = [event(), event('X.v1', { text: 'x'.repeat(1_048_577) })];
    const failure = await failureOf(log().append(name, 'no-stream', tooMuch));
    expect(failure).toBeInstanceOf(EventTooLarge);
    expect(failure).toMatchObject({ stored: 'no', limitBytes: 1_048_576 });
    expect(await collect(log().readStream(name))).toEqual([]);
    const large = event('X.v1', { text: '学'.repeat(340_000) });
    await log().append(name, 'no-stream', [large]);
    expect((await collect(log().readStream(name)))[0]!.data).toEqual(large.data);
  });

  it('refuses an id that is no UUID, and stores nothing', async () => {
    const name = stream();
    await failureOf(log().append(name, 'no-stream', [event(), { ...event(), id: 'not-a-uuid' }]));
    expect(await collect(log().readStream(name))).toEqual([]);
    expect(await log().append(name, 'no-stream', [event()])).toMatchObject({ revision: 0 });
  });

  it.each([
    '缴费单-学号',
    'a b/c?d&e=f%',
    'émoji-🧾',
    `long-${'x'.repeat(200)}`,
    '-',
    'select * from events; --',
  ])('takes the stream name %s', async (suffix) => {
    const name = `${stream()}${suffix}`;
    const given = event(`类型-${suffix.slice(0, 20)}.v1`, {
      [suffix]: '大写：壹仟肆佰零玖元伍角',
      nul: '\u0000',
      quote: '"\\\n',
    });
    const { position: from } = await log().append(name, 'no-stream', [given]);
    const [stored] = await collect(log().readStream(name));
    expect({ ...stored, stream: stored!.stream }).toMatchObject({ ...given, stream: name });
    const everywhere = await collect(log().readAll({ from, filter: { streamPrefixes: [name] } }));
    expect(idsOf(everywhere)).toEqual([given.id]);
  });

  it('keeps ids of any letter case as the same id', async () => {
    const name = stream();
    const id = randomUUID();
    const first = await log().append(name, 'no-stream', [{ ...event(), id: id.toUpperCase() }]);
    expect(await log().append(name, 'no-stream', [{ ...event(), id }])).toEqual(first);
    expect(idsOf(await collect(log().readStream(name)))).toEqual([id]);
  });
}
