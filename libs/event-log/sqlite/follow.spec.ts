import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closeAfterEach } from '#libs/testing/close-after-each.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { followAll, followStream, openLogEngine, type LogEngine, type RawEventToAppend } from './index.js';

function events(count: number, type = 'Noted.v1'): RawEventToAppend[] {
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    type,
    contentType: 'json',
    data: '{}',
    metadata: '',
  }));
}

describe('following', () => {
  const closing = closeAfterEach();
  const folder = temporaryFolder();
  let engine: LogEngine;
  const append = (stream: string, count: number, type?: string) =>
    engine.append({ stream, expected: 'any', events: events(count, type) });

  beforeAll(async () => {
    engine = await openLogEngine({ file: folder.file('events.sqlite') }, systemRuntime());
  });
  afterAll(async () => {
    await engine.close();
    folder[Symbol.dispose]();
  });

  /** Takes messages and writes each down in a few words. */
  async function take<Message extends { kind: string }>(
    messages: AsyncIterator<Message, void>,
    count: number,
  ): Promise<string[]> {
    const seen: string[] = [];
    while (seen.length < count) {
      const { value, done } = await messages.next();
      if (done || !value) return [...seen, 'end'];
      const size = 'events' in value && Array.isArray(value.events) ? ` ${value.events.length}` : '';
      seen.push(`${value.kind}${size}`);
    }
    return seen;
  }

  it('reads pages, catches up, waits, falls behind and catches up again', async () => {
    const stop = new AbortController();
    await append('a', 5);
    const messages = followAll(engine, { after: 'start', pageSize: 2, signal: stop.signal });
    expect(await take(messages, 4)).toEqual(['events 2', 'events 2', 'events 1', 'caught-up']);
    await append('a', 2);
    expect(await take(messages, 1)).toEqual(['events 2']);
    await append('a', 5);
    expect(await take(messages, 5)).toEqual(['fell-behind', 'events 2', 'events 2', 'events 1', 'caught-up']);
    const last = take(messages, 1);
    stop.abort();
    expect(await last).toEqual(['end']);
  });

  it('gives checkpoints when many events in a row do not match, also live', async () => {
    const stop = new AbortController();
    await append('noise', 25);
    const filter = { types: ['Wanted.v1'] };
    const messages = followAll(engine, {
      after: engine.lastPosition() - 25,
      filter,
      checkpointEvery: 10,
      signal: stop.signal,
    });
    expect(await take(messages, 2)).toEqual(['checkpoint', 'caught-up']);
    await append('noise', 12);
    expect(await take(messages, 1)).toEqual(['checkpoint']);
    await append('noise', 3);
    await append('wanted', 1, 'Wanted.v1');
    expect(await take(messages, 1)).toEqual(['events 1']);
    stop.abort();
    expect(await take(messages, 1)).toEqual(['end']);
  });

  it('holds one page, and one read ahead, for a reader that does not come back', async () => {
    let reads = 0;
    const counted: LogEngine = Object.assign(Object.create(engine) as LogEngine, {
      readAll: (request: Parameters<LogEngine['readAll']>[0]) => {
        reads += 1;
        return engine.readAll(request);
      },
    });
    const stop = new AbortController();
    const messages = followAll(counted, { after: 'start', pageSize: 3, signal: stop.signal });
    await messages.next();
    for (let round = 0; round < 10; round += 1) await append('more', 5);
    expect(reads).toBe(2);
    stop.abort();
    expect(await take(messages, 1)).toEqual(['end']);
  });

  it('follows one stream: waits for its beginning, passes over deletion, ends with the tombstone', async () => {
    const stop = new AbortController();
    const name = 'followed';
    const messages = followStream(engine, { stream: name, after: 'start', pageSize: 2, signal: stop.signal });
    expect(await take(messages, 1)).toEqual(['caught-up']);
    await append('another', 1);
    await append(name, 3);
    expect(await take(messages, 4)).toEqual(['fell-behind', 'events 2', 'events 1', 'caught-up']);
    await engine.deleteStream(name, 2);
    await append(name, 1);
    const { value } = await messages.next();
    expect(value).toMatchObject({ kind: 'events' });
    expect(value && value.kind === 'events' && value.events.map(({ revision }) => revision)).toEqual([3]);
    await engine.tombstoneStream(name, 'any');
    expect(await take(messages, 2)).toEqual(['tombstoned', 'end']);
  });

  it('follows a stream from its end and from a revision', async () => {
    const stop = new AbortController();
    await append('tail', 4);
    const fromEnd = followStream(engine, { stream: 'tail', after: 'end', signal: stop.signal });
    const fromOne = followStream(engine, { stream: 'tail', after: 1, signal: stop.signal });
    expect(await take(fromEnd, 1)).toEqual(['caught-up']);
    expect(await take(fromOne, 2)).toEqual(['events 2', 'caught-up']);
    await append('tail', 1);
    expect(await take(fromEnd, 1)).toEqual(['events 1']);
    const [one, two] = [take(fromEnd, 1), take(fromOne, 2)];
    stop.abort();
    expect([await one, await two]).toEqual([['end'], ['end']]);
  });

  it('ends when the engine closes', async () => {
    const other = closing(await openLogEngine({ file: folder.file('other.sqlite') }, systemRuntime()));
    const { signal } = new AbortController();
    const everywhere = followAll(other, { after: 'start', signal });
    const single = followStream(other, { stream: 'x', after: 'start', signal });
    expect([await take(everywhere, 1), await take(single, 1)]).toEqual([['caught-up'], ['caught-up']]);
    const [one, two] = [take(everywhere, 1), take(single, 1)];
    await other.close();
    expect([await one, await two]).toEqual([['end'], ['end']]);
  });
});
