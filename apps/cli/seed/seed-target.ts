import type { Command, Query } from '@nestjs/cqrs';
import type { FileStore } from '#libs/files/port/index.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import type { Timers } from '#libs/runtime/port/index.js';
import type { MovableClock } from './seed-clock.js';

/** The application as the seed sees it: the same doors as everybody else's. */
export interface SeedTarget {
  execute<Result>(command: Command<Result>): Promise<Result>;
  query<Result>(query: Query<Result>): Promise<Result>;
  readonly files: FileStore;
  readonly timers: Timers;
  /** The sandbox stands behind the channel `operator`: nobody else is asked for money by a demo. */
  readonly sandboxBank: boolean;
  /** The clock of the application's Runtime; nobody else may be at work while the seed moves it. */
  readonly clock: MovableClock;
}

/** The application refused what the demo did; a mistake of the demo, or a rule it does not know. */
export class SeedRefused extends Error {
  override readonly name = 'SeedRefused';
}

/** @throws SeedRefused */
export function accepted<Value>(outcome: Outcome<Value>, what: string): Value {
  if (outcome.accepted) return outcome.value;
  throw new SeedRefused(`${what}: ${outcome.rejection.code}, ${outcome.rejection.message}`);
}
