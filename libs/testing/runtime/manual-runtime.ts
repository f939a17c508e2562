import { addMs, epochMsOf, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import type { Clock, Ids, Rng, Runtime, Timers } from '#libs/runtime/port/index.js';
import { manualTimers, type TimerQueue } from './manual-timers.js';

export interface ManualRuntimeOptions {
  /** Default 2026-09-01T00:00:00.000Z. */
  readonly start?: string;
  /** Seed of the random bytes; default 1. */
  readonly seed?: number;
}

/** A runtime in which time passes only when the test says so. Same seed and same calls: same bytes, ids and order of timers. */
export interface ManualRuntime extends Runtime {
  /** Runs every timer due within `durationMs`, in order of time, draining promises after each; then sets the clock to the end. */
  advance(durationMs: number): Promise<void>;
  /** Moves the wall clock alone, as an administrator would: backwards too. Fires nothing. */
  setNow(instant: Instant): void;
  /** How many timers wait. */
  pendingTimers(): number;
}

export function manualRuntime(options: ManualRuntimeOptions = {}): ManualRuntime {
  const startedAt = parseInstant(options.start ?? '2026-09-01T00:00:00.000Z');
  let elapsedMs = 0;
  let wallOffsetMs = 0;
  const clock: Clock = {
    now: () => addMs(startedAt, elapsedMs + wallOffsetMs),
    monotonicMs: () => elapsedMs,
  };
  const timers: Timers & TimerQueue = manualTimers(() => elapsedMs);
  return {
    clock,
    timers,
    rng: seededRng(options.seed ?? 1),
    ids: sequentialIds(),
    async advance(durationMs) {
      const endMs = elapsedMs + durationMs;
      await drainPromises();
      for (let due = timers.takeDue(endMs); due; due = timers.takeDue(endMs)) {
        elapsedMs = Math.max(elapsedMs, due.atMs);
        due.run();
        await drainPromises();
      }
      elapsedMs = endMs;
    },
    setNow(instant) {
      wallOffsetMs = epochMsOf(instant) - epochMsOf(startedAt) - elapsedMs;
    },
    pendingTimers: () => timers.pending(),
  };
}

/** UUIDs 00000000-0000-7000-8000-000000000001, …2, …: valid version 7, readable in a failing test. */
export function sequentialIds(): Ids {
  let count = 0;
  return {
    next() {
      count += 1;
      return `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
    },
  };
}

/** Reproducible bytes (mulberry32); not for secrets. */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  function nextUint32(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => nextUint32() >>> 24),
  };
}

/** Long enough for a chain of awaits and for callbacks of the poll phase, without any real time passing. */
async function drainPromises(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
