import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AppendOutcomeUnknown, LogOverloaded, LogUnavailable } from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closeAfterEach } from '#libs/testing/close-after-each.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { openLogEngine, type LogEngine, type RawAppend } from './index.js';

function append(stream: string, text = 'x', expected: RawAppend['expected'] = 'no-stream'): RawAppend {
  const event = {
    id: randomUUID(),
    type: 'Noted.v1',
    contentType: 'binary' as const,
    data: text,
    metadata: '',
  };
  return { stream, expected, events: [event] };
}

/** The system's, but `leap` moves its monotonic clock and fires every timer set so far, all within the caller's turn. */
function leapingRuntime() {
  const system = systemRuntime();
  const timers: (() => void)[] = [];
  let leaptMs = 0;
  const runtime: Runtime = {
    ...system,
    clock: {
      now: () => system.clock.now(),
      monotonicMs: () => system.clock.monotonicMs() + leaptMs,
    },
    timers: {
      sleep: (durationMs, signal) => system.timers.sleep(durationMs, signal),
      after: (durationMs, run) => {
        timers.push(run);
        return system.timers.after(durationMs, run);
      },
      every: (periodMs, run) => {
        timers.push(run);
        return system.timers.every(periodMs, run);
      },
    },
  };
  const leap = (durationMs: number) => {
    leaptMs += durationMs;
    for (const run of timers.splice(0)) run();
  };
  return { runtime, leap };
}

async function countEvents(engine: LogEngine): Promise<number> {
  let count = 0;
  for (let from: number | undefined = 1; from !== undefined;) {
    const page = await engine.readAll({ direction: 'forwards', from });
    count += page.events.length;
    from = page.next;
  }
  return count;
}

describe('limits of the engine', () => {
  const closing = closeAfterEach();

  it('refuses more appends than the queue holds, by count and by bytes, and takes more when it has emptied', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const engine = await openLogEngine(
      { file, maxQueuedAppends: 4, maxQueuedBytes: 10_000 },
      systemRuntime(),
    );
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => engine.append(append(`a-${index}`))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array(4).fill('fulfilled'),
      ...Array(6).fill('rejected'),
    ]);
    for (const outcome of outcomes.slice(4)) {
      expect(outcome).toMatchObject({ reason: expect.any(LogOverloaded) });
      expect(outcome).toMatchObject({ reason: { stored: 'no' } });
    }
    const large = await Promise.allSettled(
      ['b-1', 'b-2', 'b-3'].map((name) => engine.append(append(name, 'x'.repeat(6_000)))),
    );
    expect(large.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await countEvents(engine)).toBe(6);
    await engine.close();
  });

  it('tells that the outcome is unknown once the deadline has passed, and recognises the retry', async () => {
    using folder = temporaryFolder();
    const { runtime, leap } = leapingRuntime();
    const engine = closing(await openLogEngine({ file: folder.file('events.sqlite') }, runtime));
    const request = { ...append('late'), deadlineMs: 100 };
    // The answer needs a turn of the event loop; the clock is past the deadline before there was one.
    const outcome = engine.append(request);
    leap(200);
    await expect(outcome).rejects.toBeInstanceOf(AppendOutcomeUnknown);
    expect(await engine.append({ ...request, deadlineMs: 5_000 })).toMatchObject({
      kind: 'ok',
      revision: 0,
      replayed: true,
    });
    await engine.close();
  });

  it('stops acknowledging when the disk is full, still reads, and goes on after a restart with room', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const full = closing(await openLogEngine({ file, maxPageCount: 60 }, systemRuntime()));
    let acknowledged = 0;
    let failure: unknown;
    for (let index = 0; failure === undefined && index < 1_000; index += 1) {
      await full.append(append(`s-${index}`, 'x'.repeat(3_000))).then(
        () => (acknowledged += 1),
        (error: unknown) => (failure = error),
      );
    }
    expect(acknowledged).toBeGreaterThan(10);
    expect(failure).toBeInstanceOf(LogUnavailable);
    expect(failure).toMatchObject({ stored: 'no', message: expect.stringContaining('full') });
    await expect(full.append(append('small'))).rejects.toBeInstanceOf(LogUnavailable);
    await expect(full.ping()).rejects.toBeInstanceOf(LogUnavailable);
    expect(await countEvents(full)).toBe(acknowledged);
    await full.close();
    const roomy = closing(await openLogEngine({ file }, systemRuntime()));
    await roomy.ping();
    expect(await countEvents(roomy)).toBe(acknowledged);
    expect(await roomy.append(append('small'))).toMatchObject({ kind: 'ok', position: acknowledged + 1 });
    await roomy.close();
  });
});
