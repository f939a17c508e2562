import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Reply, Request } from './child.js';

export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** What a process used so far. */
export interface Resources {
  /** Of all threads. */
  readonly cpuMs: number;
  /** Of the main thread, which is what one process is limited by. */
  readonly mainCpuMs: number;
  readonly residentBytes: number;
}

/**
 * The child's side of `Child`: answers questions by name until the parent lets go, then cleans up and ends.
 * Every process also answers `resources`, and `profile-start` and `profile-stop` (a .cpuprofile of its main thread).
 */
export function answerParent(answers: Answers, cleanUp: () => Promise<void> | void = () => undefined): void {
  const all: Answers = { ...common(), ...answers };
  process.on('message', ({ id, op, argument }: Request) => {
    void answer(all, op, argument).then((outcome) => process.send?.({ id, ...outcome } as Reply));
  });
  process.once('disconnect', () => void Promise.resolve(cleanUp()).finally(() => process.exit(0)));
}

async function answer(
  answers: Answers,
  op: string,
  argument: unknown,
): Promise<{ readonly value: unknown } | { readonly error: string }> {
  try {
    const known = answers[op];
    if (!known) throw new Error(`Nothing is known of "${op}".`);
    return { value: await known(argument as never) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function common(): Answers {
  let session: Session | undefined;
  return {
    resources: (): Resources => {
      const all = process.cpuUsage();
      const main = process.threadCpuUsage();
      return {
        cpuMs: (all.user + all.system) / 1_000,
        mainCpuMs: (main.user + main.system) / 1_000,
        residentBytes: process.memoryUsage.rss(),
      };
    },
    'profile-start': async () => {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
    },
    'profile-stop': async (file: string) => {
      const result = await session?.post('Profiler.stop');
      writeFileSync(file, JSON.stringify(result?.profile));
      session?.disconnect();
    },
  };
}
