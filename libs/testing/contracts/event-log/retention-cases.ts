import { expect, it } from '@jest/globals';
import { RevisionConflict, StreamTombstoned } from '#libs/event-log/port/index.js';
import { collect, event, events, failureOf, idsOf, type ContractContext } from './door.js';

const revisionsOf = (list: readonly { readonly revision: number }[]): number[] =>
  list.map(({ revision }) => revision);

export function retentionCases(context: ContractContext): void {
  const { log, stream } = context;

  it('has no metadata by default, and gives back what was set, the last setting winning', async () => {
    const name = stream();
    expect(await log().streamMetadata(name)).toEqual({});
    await log().setStreamMetadata(name, { maxCount: 5, maxAgeSeconds: 86_400, truncateBefore: 2 });
    expect(await log().streamMetadata(name)).toEqual({
      maxCount: 5,
      maxAgeSeconds: 86_400,
      truncateBefore: 2,
    });
    await log().setStreamMetadata(name, { maxCount: 7 });
    expect(await log().streamMetadata(name)).toEqual({ maxCount: 7 });
  });

  it('keeps the last maxCount events', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(10));
    await log().setStreamMetadata(name, { maxCount: 3 });
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([7, 8, 9]);
    await log().append(name, 9, events(2));
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([9, 10, 11]);
    expect(revisionsOf(await collect(log().readStream(name, { direction: 'backwards' })))).toEqual([
      11, 10, 9,
    ]);
    expect(revisionsOf(await collect(log().readStream(name, { from: 2, limit: 2 })))).toEqual([9, 10]);
  });

  it('takes metadata for a stream that has no events yet', async () => {
    const name = stream();
    await log().setStreamMetadata(name, { maxCount: 1 });
    expect(await collect(log().readStream(name))).toEqual([]);
    await log().append(name, 'no-stream', events(3));
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([2]);
  });

  it('hides events below truncateBefore', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(6));
    await log().setStreamMetadata(name, { truncateBefore: 4 });
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([4, 5]);
    expect(revisionsOf(await collect(log().readStream(name, { from: 1, limit: 1 })))).toEqual([4]);
    expect(revisionsOf(await collect(log().readStream(name, { direction: 'backwards' })))).toEqual([5, 4]);
  });

  it('keeps events younger than maxAge', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(3));
    await log().setStreamMetadata(name, { maxAgeSeconds: 3_600 });
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([0, 1, 2]);
  });

  it('soft-deletes: nothing is read, the numbering goes on, the old events stay gone', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(4));
    await log().deleteStream(name, 3);
    expect(await collect(log().readStream(name))).toEqual([]);
    expect(await collect(log().readStream(name, { direction: 'backwards' }))).toEqual([]);
    const again = events(2);
    expect(await log().append(name, 'no-stream', again)).toMatchObject({ revision: 5 });
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([4, 5]);
    await log().append(name, 5, events(1));
    expect(revisionsOf(await collect(log().readStream(name)))).toEqual([4, 5, 6]);
    expect(
      await log()
        .append(name, 'no-stream', [])
        .catch((error: Error) => error.name),
    ).toBe('TypeError');
  });

  it.each([['any'], [3]] as const)(
    're-creates a soft-deleted stream by an append at %s',
    async (expected) => {
      const name = stream();
      await log().append(name, 'no-stream', events(4));
      await log().deleteStream(name, 'any');
      expect(await log().append(name, expected, events(1))).toMatchObject({ revision: 4 });
      expect(revisionsOf(await collect(log().readStream(name)))).toEqual([4]);
    },
  );

  it('deletes only at the expected revision', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(2));
    expect(await failureOf(log().deleteStream(name, 0))).toBeInstanceOf(RevisionConflict);
    expect(await failureOf(log().tombstoneStream(name, 5))).toBeInstanceOf(RevisionConflict);
    expect(await collect(log().readStream(name))).toHaveLength(2);
  });

  it('tombstones for good: nothing can be read, appended or deleted any more', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(2));
    await log().tombstoneStream(name, 1);
    for (const expected of ['no-stream', 'any', 1, 'stream-exists'] as const) {
      const failure = await failureOf(log().append(name, expected, [event()]));
      expect(failure).toBeInstanceOf(StreamTombstoned);
      expect(failure).toMatchObject({ stream: name, stored: 'no' });
    }
    expect(await failureOf(collect(log().readStream(name)))).toBeInstanceOf(StreamTombstoned);
    expect(await failureOf(log().deleteStream(name, 'any'))).toBeInstanceOf(StreamTombstoned);
    expect(await failureOf(log().tombstoneStream(name, 'any'))).toBeInstanceOf(StreamTombstoned);
  });

  it('delivers no system stream and no system event over all streams', async () => {
    const category = stream('system');
    const from = (await log().lastPosition()) ?? 'start';
    const given = events(2);
    await log().append(`${category}/a`, 'no-stream', given);
    await log().setStreamMetadata(`${category}/a`, { maxCount: 5 });
    await log().append(`${category}/b`, 'no-stream', events(1));
    await log().tombstoneStream(`${category}/b`, 0);
    const seen = await collect(
      log().readAll({ from, filter: { streamPrefixes: [category, `$$${category}`] } }),
    );
    // A server may have dropped the tombstoned stream's events already; system ones it must never show.
    expect(idsOf(seen.filter(({ stream: name }) => name === `${category}/a`))).toEqual(idsOf(given));
    expect(seen.filter(({ type, stream: name }) => type.startsWith('$') || name.startsWith('$'))).toEqual([]);
  });
}
