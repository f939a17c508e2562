import type { Position } from '#libs/event-log/port/index.js';
import type { Timers } from '#libs/runtime/port/index.js';
import { type Member, reaches } from './member.js';
import { ProjectionLagging } from './types.js';

interface Waiter {
  readonly isOver: () => boolean;
  /** Names of those that stand still and would be waited for in vain. */
  readonly stopped: () => readonly string[];
  resolve(): void;
  reject(error: Error): void;
}

/** Callers waiting for consumers to get somewhere. Woken by each step forward; nobody polls. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();

  constructor(
    private readonly timers: Timers,
    /** Called when somebody begins to wait. */
    private readonly began: () => void = () => undefined,
  ) {}

  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** To be called after each step forward of any consumer. */
  moved(): void {
    for (const waiter of this.#waiters) {
      if (waiter.isOver()) waiter.resolve();
      else if (waiter.stopped().length > 0)
        waiter.reject(new ProjectionLagging(`Stopped: ${waiter.stopped().join(', ')}.`));
    }
  }

  /** Until all have got to the position: what they applied or, for process managers, reacted to. */
  until(members: readonly Member[], position: Position, timeoutMs?: number): Promise<void> {
    const behind = (): readonly Member[] => members.filter((member) => !reaches(member.done, position));
    return this.#wait(
      () => behind().length === 0,
      () => behind().filter((member) => member.stopped !== undefined),
      timeoutMs,
    );
  }

  untilStatus(members: readonly Member[], isReached: (member: Member) => boolean): Promise<void> {
    const behind = (): readonly Member[] => members.filter((member) => !isReached(member));
    return this.#wait(
      () => behind().length === 0,
      () => behind().filter((member) => member.stopped !== undefined),
    );
  }

  rejectAll(error: Error): void {
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  #wait(isOver: () => boolean, stoppedOnes: () => readonly Member[], timeoutMs?: number): Promise<void> {
    if (isOver()) return Promise.resolve();
    const stopped = (): readonly string[] => stoppedOnes().map(({ name }) => name);
    return new Promise((resolve, reject) => {
      const cancel =
        timeoutMs === undefined
          ? () => undefined
          : this.timers.after(timeoutMs, () =>
              waiter.reject(new ProjectionLagging(`Not there after ${timeoutMs} ms.`)),
            );
      const finish = (): void => {
        cancel();
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        isOver,
        stopped,
        resolve: () => (finish(), resolve()),
        reject: (error) => (finish(), reject(error)),
      };
      this.#waiters.add(waiter);
      this.began();
      this.moved();
    });
  }
}
