import { expect, it } from '@jest/globals';
import { comparePositions, type Position, type ReadStreamOptions } from '#libs/event-log/port/index.js';
import { collect, event, events, idsOf, type ContractContext } from './door.js';

export function readCases(context: ContractContext): void {
  const { log, stream } = context;

  it.each<[string, ReadStreamOptions, number[]]>([
    ['by default', {}, [0, 1, 2, 3, 4]],
    ['from the start', { from: 'start' }, [0, 1, 2, 3, 4]],
    ['from a revision, inclusive', { from: 3 }, [3, 4]],
    ['from past the end', { from: 9 }, []],
    ['with a limit', { from: 1, limit: 2 }, [1, 2]],
    ['with a limit of one', { limit: 1 }, [0]],
    ['backwards', { direction: 'backwards' }, [4, 3, 2, 1, 0]],
    ['backwards from a revision, inclusive', { direction: 'backwards', from: 2 }, [2, 1, 0]],
    ['backwards from past the end', { direction: 'backwards', from: 99, limit: 2 }, [4, 3]],
    ['backwards with a limit', { direction: 'backwards', from: 'end', limit: 1 }, [4]],
    ['backwards from the start', { direction: 'backwards', from: 'start' }, [0]],
  ])('reads a stream %s', async (_, options, revisions) => {
    const name = stream();
    const given = events(5);
    await log().append(name, 'no-stream', given);
    const stored = await collect(log().readStream(name, options));
    expect(stored.map(({ revision }) => revision)).toEqual(revisions);
    expect(idsOf(stored)).toEqual(revisions.map((revision) => given[revision]!.id));
  });

  it('yields nothing for an absent stream, in both directions', async () => {
    expect(await collect(log().readStream(stream()))).toEqual([]);
    expect(await collect(log().readStream(stream(), { direction: 'backwards' }))).toEqual([]);
  });

  it('reads a stream of several pages whole, without an empty page', async () => {
    const name = stream();
    const given = events(2_500);
    for (let at = 0; at < given.length; at += 500) {
      await log().append(name, at === 0 ? 'no-stream' : at - 1, given.slice(at, at + 500));
    }
    const sizes: number[] = [];
    const stored = [];
    for await (const page of log().readStream(name)) {
      sizes.push(page.length);
      stored.push(...page);
    }
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(idsOf(stored)).toEqual(idsOf(given));
    const backwards = await collect(log().readStream(name, { direction: 'backwards', limit: 2_000 }));
    expect(idsOf(backwards)).toEqual(idsOf(given).reverse().slice(0, 2_000));
  });

  it('lets a reader leave a read early, again and again', async () => {
    const name = stream();
    await log().append(name, 'no-stream', events(600));
    for (let round = 0; round < 20; round += 1) {
      for await (const page of log().readStream(name)) {
        expect(page.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(await collect(log().readStream(name, { limit: 3 }))).toHaveLength(3);
  });

  it('reads its own writes at once', async () => {
    const name = stream();
    for (let revision = -1; revision < 30; revision += 1) {
      await log().append(name, revision < 0 ? 'no-stream' : revision, [event()]);
      const [last] = await collect(log().readStream(name, { direction: 'backwards', limit: 1 }));
      expect(last!.revision).toBe(revision + 1);
    }
  });

  it('reads all streams in the order of the appends, both ways', async () => {
    const category = stream('order');
    const names = [`${category}/a`, `${category}/b`, `${category}/c`];
    const given = events(30);
    const positions: Position[] = [];
    for (const [index, each] of given.entries()) {
      positions.push((await log().append(names[index % 3]!, 'any', [each])).position);
    }
    const filter = { streamPrefixes: [category] };
    const forwards = await collect(log().readAll({ filter }));
    expect(forwards.map(({ id, position }) => [id, position])).toEqual(
      given.map(({ id }, index) => [id, positions[index]]),
    );
    const backwards = await collect(log().readAll({ filter, direction: 'backwards', limit: 30 }));
    expect(idsOf(backwards)).toEqual(idsOf(given).reverse());
  });

  it('gives positions that compare in log order and serve as places to read from, inclusive', async () => {
    const category = stream('place');
    const given = events(10);
    const results = [];
    for (const [index, each] of given.entries())
      results.push(await log().append(`${category}/${index}`, 'no-stream', [each]));
    const positions = results.map(({ position }) => position);
    expect([...positions].reverse().sort(comparePositions)).toEqual(positions);
    const filter = { streamPrefixes: [category] };
    expect(idsOf(await collect(log().readAll({ filter, from: positions[6]! })))).toEqual(
      idsOf(given.slice(6)),
    );
    const back = await collect(
      log().readAll({ filter, from: positions[2]!, direction: 'backwards', limit: 3 }),
    );
    expect(idsOf(back)).toEqual(idsOf(given.slice(0, 3).reverse()));
    expect(await collect(log().readAll({ filter, from: positions[3]!, limit: 2 }))).toHaveLength(2);
  });

  it('filters by stream prefixes, by exact types, and by both', async () => {
    const category = stream('filter');
    const from = (await log().lastPosition()) ?? 'start';
    const give = async (name: string, type: string): Promise<string> => {
      const each = event(type);
      await log().append(`${category}${name}`, 'any', [each]);
      return each.id;
    };
    const type = `${category}.Issued`;
    const a1 = await give('/a-1', `${type}.v1`);
    const b1 = await give('/b-1', `${type}.v1`);
    const a2 = await give('/a-1', `${type}.v10`);
    const c1 = await give('/c-1', `${type}Not.v1`);
    const all = (filter: object): Promise<string[]> => collect(log().readAll({ from, filter })).then(idsOf);
    expect(await all({ streamPrefixes: [`${category}/a`, `${category}/c`] })).toEqual([a1, a2, c1]);
    expect(await all({ types: [`${type}.v1`] })).toEqual([a1, b1]);
    expect(await all({ types: [`${type}.v10`, `${type}Not.v1`] })).toEqual([a2, c1]);
    expect(await all({ streamPrefixes: [`${category}/a`], types: [`${type}.v1`] })).toEqual([a1]);
    expect(await all({ streamPrefixes: [category], types: [] })).toEqual([a1, b1, a2, c1]);
    expect(await all({ streamPrefixes: [`${category}/nothing`] })).toEqual([]);
    expect(await all({ types: [`${type.replaceAll('.', 'x')}.v1`, `${type}.v`] })).toEqual([]);
  });

  it('names the last position', async () => {
    const name = stream();
    const { position } = await log().append(name, 'no-stream', events(2));
    const last = await log().lastPosition();
    expect(comparePositions(last!, position)).toBeGreaterThanOrEqual(0);
    const [stored] = await collect(log().readStream(name, { direction: 'backwards', limit: 1 }));
    expect(stored!.position).toBe(position);
  });
}
