/**
 * The outside world that every program touches, as ports. Nothing else may know the time, roll dice, make an id or
 * wait; so the deterministic simulator can own all of it.
 */
import type { Instant } from '#libs/kernel/time/index.js';

export interface Clock {
  /** Wall-clock time; may jump, so never measure durations with it. */
  now(): Instant;
  /** Milliseconds since an arbitrary start, with fractions; never goes back. */
  monotonicMs(): number;
}

export interface Rng {
  /** Cryptographically strong bytes (deterministic under simulation). */
  bytes(count: number): Uint8Array;
}

export interface Ids {
  /** A fresh UUID, version 7 (RFC 9562): sortable by time of creation. */
  next(): string;
}

/** Cancels a pending timer; harmless when it has already fired. */
export type Cancel = () => void;

export interface Timers {
  /** Resolves after `durationMs`, or rejects with the signal's reason as soon as it aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** Runs once after `durationMs`. */
  after(durationMs: number, run: () => void): Cancel;
  /** Runs every `periodMs` until cancelled. */
  every(periodMs: number, run: () => void): Cancel;
}

/** What an application needs of the outside, handed over as one bundle. */
export interface Runtime {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly ids: Ids;
  readonly timers: Timers;
}
