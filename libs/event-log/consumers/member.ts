import { comparePositions, type Position } from '#libs/event-log/port/index.js';
import type { Batch } from './batch.js';
import type { ConsumerStatus } from './types.js';

/** A consumer as the feed and its own subscription see it. */
export interface Member {
  readonly name: string;
  /** Everything up to here was taken in (a process manager may still be reacting to it). */
  readonly position: Position | undefined;
  /** Everything up to here is done: applied, or reacted to. */
  readonly done: Position | undefined;
  readonly stopped: string | undefined;
  /** Takes in what lies after `position`. Resolves when the next batch may come; throws only what stops the consumer. */
  take(batch: Batch): Promise<void>;
  /** Nothing for this consumer lies up to `position`. */
  skipTo(position: Position): void;
  /** Something it cannot go on after: it stands still, and says so. */
  fail(error: unknown): void;
  /** The log has been read to its end. */
  reachedEnd(): void;
  /** Whether it may read together with others while behind; not one that may make them wait. */
  readonly sharesCatchUp: boolean;
  /** Whether it keeps up with others; one that does not reads by itself. */
  keepsUp(): boolean;
  status(): ConsumerStatus;
  /** Resolves when nothing is under way, and the checkpoint is stored. */
  settle(): Promise<void>;
}

/** Whether `a` is at or after `b`; the start of the log (`undefined`) is before everything. */
export function reaches(a: Position | undefined, b: Position | undefined): boolean {
  if (b === undefined) return true;
  return a !== undefined && comparePositions(a, b) >= 0;
}

/** The first event of the batch that a consumer at `position` has not seen. */
export function firstNew(batch: Batch, position: Position | undefined): number {
  if (position === undefined || !reaches(position, batch.events[0]!.position)) return 0;
  const index = batch.events.findIndex((event) => comparePositions(event.position, position) > 0);
  return index < 0 ? batch.events.length : index;
}
