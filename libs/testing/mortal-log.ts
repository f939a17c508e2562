import { LogClosed, type EventLog } from '#libs/event-log/port/index.js';

/** When the process that uses the log dies: around its `append`-th append, counted from 1. */
export interface Death {
  readonly append: number;
  /** `before`: that append is not stored. `after`: it is, and nobody hears of it. */
  readonly moment: 'before' | 'after';
}

export interface MortalLog {
  readonly log: EventLog;
  /** Appends begun so far. */
  appends(): number;
  dead(): boolean;
}

/**
 * The log as one process sees it until it dies; from then on every call of the process fails, while others go on with the
 * log itself. `pause` runs before each append and decides who overtakes whom.
 */
export function mortalLog(
  log: EventLog,
  death: Death | undefined,
  pause: () => Promise<void> = () => Promise.resolve(),
): MortalLog {
  let appends = 0;
  let dead = false;
  const alive = (): void => {
    if (dead) throw new LogClosed('The process is dead.');
  };
  const append: EventLog['append'] = async (...args) => {
    await pause();
    alive();
    appends += 1;
    const dying = appends === death?.append;
    if (dying && death?.moment === 'before') dead = true;
    alive();
    const result = await log.append(...args);
    if (dying) dead = true;
    alive();
    return result;
  };
  const readStream: EventLog['readStream'] = async function* (...args) {
    alive();
    for await (const page of log.readStream(...args)) {
      alive();
      yield page;
    }
  };
  const mortal = new Proxy(log, {
    get(target, property) {
      if (property === 'append') return append;
      if (property === 'readStream') return readStream;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { log: mortal, appends: () => appends, dead: () => dead };
}
