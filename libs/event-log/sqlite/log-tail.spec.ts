import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import {
  openLogEngine,
  type AllPage,
  type LogEngine,
  type RawEvent,
  type RawEventToAppend,
} from './index.js';
import { LogTail, type TailEvent } from './log-tail.js';
import type { PageEvent } from './page-events.js';
import { recordedOf } from './recorded-event.js';

describe('LogTail', () => {
  const folder = temporaryFolder();
  const runtime = systemRuntime();
  let engine: LogEngine;
  let readOfFile: (from: number, limit: number) => Promise<readonly PageEvent[]>;

  beforeAll(async () => {
    engine = await openLogEngine({ file: folder.file('events.sqlite') }, runtime);
    // Far from the end, so that the engine itself answers from the file and not from its own tail.
    readOfFile = async (from, limit) => {
      const page = await engine.readAll({ direction: 'forwards', from, limit, filter: { streamRegex: '.' } });
      return page.events as readonly PageEvent[];
    };
    await append(300);
  });
  afterAll(async () => {
    await engine.close();
    folder[Symbol.dispose]();
  });

  async function append(count: number): Promise<void> {
    await engine.appendBatch(
      Array.from({ length: count }, (_, index) => ({
        stream: `${index % 5 === 0 ? '$' : ''}s${index % 7}`,
        expected: 'any' as const,
        events: [
          {
            id: runtime.ids.next(),
            type: `T${index % 3}.v1`,
            contentType: 'json' as const,
            data: '{}',
            metadata: '',
          },
        ],
      })),
    );
  }

  const raw = (data: string | Uint8Array): RawEventToAppend => ({
    id: runtime.ids.next().toUpperCase(),
    type: 'T4.v1',
    contentType: typeof data === 'string' ? 'json' : 'binary',
    data,
    metadata: typeof data === 'string' ? data : '',
  });
  const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  const plain = (page: AllPage): unknown => ({
    ...page,
    events: page.events.map(({ position, id }) => [position, id]),
  });

  it('answers as the file does, whatever is asked for', async () => {
    const tail = new LogTail({ lastPosition: () => engine.lastPosition(), read: readOfFile });
    const request = fc.record({
      from: fc.integer({ min: 1, max: 320 }),
      limit: fc.integer({ min: 1, max: 50 }),
      scanLimit: fc.integer({ min: 1, max: 80 }),
      filter: fc.option(
        fc.record({
          types: fc.subarray(['T0.v1', 'T1.v1', 'T2.v1']),
          streamPrefixes: fc.subarray(['s', 's1', '$']),
          excludeSystemStreams: fc.boolean(),
        }),
        { nil: undefined },
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const given = await tail.page({ direction: 'forwards', ...asked });
        if (given === undefined) return;
        // A regular expression that matches everything sends the engine to the file.
        const filter = { ...asked.filter, streamRegex: '', typeRegex: '.' };
        const ofFile = await engine.readAll({ direction: 'forwards', ...asked, filter });
        expect(plain(given)).toEqual(plain(ofFile));
      }),
      { numRuns: 300 },
    );
  });

  it('reads each event once for any number of subscribers, and gives them the same decoded event', async () => {
    let reads = 0;
    const tail = new LogTail({
      lastPosition: () => engine.lastPosition(),
      read: (from, limit) => {
        reads += 1;
        return readOfFile(from, limit);
      },
    });
    await append(20);
    const from = engine.lastPosition() - 19;
    const pages = await Promise.all(
      Array.from({ length: 10 }, () => tail.page({ direction: 'forwards', from })),
    );
    expect(reads).toBe(1);
    expect(new Set(pages.map((page) => page!.events[0])).size).toBe(1);
    await append(5);
    const more = await Promise.all([
      tail.page({ direction: 'forwards', from: from + 20 }),
      tail.page({ direction: 'forwards', from: from + 7 }),
    ]);
    expect(more.map((page) => page!.events.length)).toEqual([5, 13]);
    expect(reads).toBe(2);
  });

  it('holds what was just appended exactly as the file does, whatever came between', async () => {
    const place = fc.constantFrom('s1', 's2', 's2', '学费', '$s', '$$s2');
    const payload = fc.constantFrom<string | Uint8Array>(
      '{"fen":"1","学":null}',
      '',
      Uint8Array.of(1, 2),
      '"x"',
      'no',
    );
    const given = fc.oneof(
      fc.record({ stream: place, payloads: fc.array(payload, { minLength: 1, maxLength: 3 }) }),
      fc.constantFrom('delete' as const, 'wait' as const),
    );
    const whole = ({
      position,
      stream,
      revision,
      id,
      type,
      contentType,
      recordedAtMs,
      data,
      metadata,
    }: RawEvent) =>
      [
        position,
        stream,
        revision,
        id,
        type,
        contentType,
        recordedAtMs,
        textOf(data),
        textOf(metadata),
      ] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(given, { minLength: 1, maxLength: 12 }), async (acts) => {
        const from = engine.lastPosition() + 1;
        const underWay: Promise<unknown>[] = [];
        for (const each of acts) {
          if (each === 'wait') await underWay.at(-1);
          else if (each === 'delete') underWay.push(engine.deleteStream('s2', 'any'));
          else
            underWay.push(
              engine.append({ stream: each.stream, expected: 'any', events: each.payloads.map(raw) }),
            );
          // Followers come at any time.
          void engine.readAll({ direction: 'forwards', from: engine.lastPosition() });
        }
        await Promise.all(underWay);
        for (let at = from; at <= engine.lastPosition(); at += 1) {
          const ofTail = await engine.readAll({ direction: 'forwards', from: at });
          const ofFile = await engine.readAll({
            direction: 'forwards',
            from: at,
            filter: { streamRegex: '.' },
          });
          // What the tail does not hold yet comes with a page of its own.
          const { length } = ofTail.events;
          expect(length).toBeGreaterThan(0);
          const same = ofFile.events.slice(0, length);
          expect(ofTail.events.map(whole)).toEqual(same.map(whole));
          expect(ofTail.events.map((event) => recordedOf(event))).toEqual(
            same.map((event) => recordedOf(event)),
          );
          const scannedTo = at + length - 1;
          const next = scannedTo === engine.lastPosition() ? undefined : scannedTo + 1;
          expect(ofTail).toMatchObject({ scannedTo, next });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('costs no reading for what came from the writer, and mends itself where a reading and the writer overlap', async () => {
    const held = (await readOfFile(1, 40)) as readonly TailEvent[];
    const asked: [number, number][] = [];
    let last = 10;
    let meanwhile: () => void = () => undefined;
    const tail = new LogTail({
      lastPosition: () => last,
      read: async (from) => {
        asked.push([from, last]);
        const page = held.slice(from - 1, last + 2);
        meanwhile();
        return page;
      },
    });
    const append = (from: number, to: number): void => {
      last = to;
      tail.append(held.slice(from - 1, to));
    };
    const pageFrom = async (from: number): Promise<readonly number[] | undefined> =>
      (await tail.page({ direction: 'forwards', from }))?.events.map(({ position }) => position);
    append(9, 10);
    append(11, 12);
    expect(await pageFrom(9)).toEqual([9, 10, 11, 12]);
    expect(asked).toEqual([]);
    // Further back than the tail reaches: the file's business.
    expect(await pageFrom(8)).toBeUndefined();
    // 13 and 14 came another way.
    append(15, 16);
    expect(await pageFrom(13)).toBeUndefined();
    expect(await pageFrom(15)).toEqual([15, 16]);
    // Stored but not handed in; the reading sees two more, which the writer then tells of as well.
    last = 17;
    expect(await pageFrom(17)).toEqual([17, 18, 19]);
    append(18, 20);
    expect(await pageFrom(16)).toEqual([16, 17, 18, 19, 20]);
    // While a page is on its way the writer goes on.
    last = 21;
    meanwhile = () => append(24, 26);
    expect(await pageFrom(21)).toEqual([21, 22, 23, 24, 25, 26]);
    meanwhile = () => undefined;
    last = 27;
    meanwhile = () => append(27, 28);
    expect(await pageFrom(27)).toEqual([27, 28]);
    last = 29;
    meanwhile = () => append(33, 34);
    expect(await pageFrom(29)).toBeUndefined();
    expect(await pageFrom(33)).toEqual([33, 34]);
    expect(asked.map(([from]) => from)).toEqual([17, 21, 27, 29]);
  });

  it('leaves to the file what lies far back, past the end or needs a regular expression', async () => {
    const tail = new LogTail({
      lastPosition: () => 10_000,
      read: () => Promise.reject(new Error('not to be read')),
    });
    expect(await tail.page({ direction: 'forwards', from: 1 })).toBeUndefined();
    expect(await tail.page({ direction: 'forwards', from: 10_001 })).toBeUndefined();
    expect(await tail.page({ direction: 'backwards', from: 9_999 })).toBeUndefined();
    expect(await tail.page({ direction: 'forwards', from: 'start' })).toBeUndefined();
    expect(
      await tail.page({ direction: 'forwards', from: 9_999, filter: { typeRegex: '(a+)+$' } }),
    ).toBeUndefined();
  });
});
