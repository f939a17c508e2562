import {
  type AppendResult,
  AppendOutcomeUnknown,
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  LogOverloaded,
  LogUnavailable,
  RevisionConflict,
} from '#libs/event-log/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CommandTimedOut } from './types.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

type Dependencies = {
  readonly log: Pick<EventLog, 'append'>;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
};

interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventToAppend[];
  readonly deadlineAtMs: number;
}

/**
 * Appends, and while the outcome is unknown repeats the identical append (same ids, same bytes, same expected revision) with
 * growing pauses until the log says what became of it or the command's deadline passes.
 *
 * @throws CommandTimedOut when it is still unknown at the deadline; and what the port throws
 */
export function appendUntilKnown(
  dependencies: Dependencies,
  append: Append,
  attemptDeadlineMs: number,
): Promise<AppendResult> {
  const remainingMs = append.deadlineAtMs - dependencies.runtime.clock.monotonicMs();
  if (remainingMs <= 0) return Promise.reject(timedOut(append.stream, undefined));
  const { log } = dependencies;
  // Nearly always the only try: without a frame of its own, which every append would pay for.
  return log
    .append(append.stream, append.expected, append.events, {
      deadlineMs: Math.min(remainingMs, attemptDeadlineMs),
    })
    .catch((error: unknown) => {
      if (!(error instanceof AppendOutcomeUnknown)) throw error;
      return repeatUntilKnown(dependencies, append, attemptDeadlineMs, error);
    });
}

async function repeatUntilKnown(
  { log, runtime }: Dependencies,
  { stream, expected, events, deadlineAtMs }: Append,
  attemptDeadlineMs: number,
  first: AppendOutcomeUnknown,
): Promise<AppendResult> {
  let unknown = first;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await runtime.timers.sleep(Math.min(pauseMs, Math.max(0, deadlineAtMs - runtime.clock.monotonicMs())));
    const remainingMs = deadlineAtMs - runtime.clock.monotonicMs();
    if (remainingMs <= 0) throw timedOut(stream, unknown);
    try {
      return await log.append(stream, expected, events, {
        deadlineMs: Math.min(remainingMs, attemptDeadlineMs),
      });
    } catch (error) {
      if (error instanceof AppendOutcomeUnknown) unknown = error;
      // A conflict is certain: the store looks for these very ids before it says so.
      else if (error instanceof RevisionConflict) throw error;
      // "Not stored" is said of this try alone, an earlier one may still have been. Only these two are worth another.
      else if (!(error instanceof LogOverloaded || error instanceof LogUnavailable)) throw unknown;
    }
  }
}

function timedOut(stream: string, unknown: AppendOutcomeUnknown | undefined): CommandTimedOut {
  const outcome = unknown ? 'whether it was stored is unknown' : 'nothing was stored';
  return new CommandTimedOut(`${stream}: the deadline passed; ${outcome}.`, { cause: unknown });
}
