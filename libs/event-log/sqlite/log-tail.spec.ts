import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { openLogEngine, type AllPage, type LogEngine } from './index.js';
import { LogTail } from './log-tail.js';
import type { PageEvent } from './page-events.js';

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
