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

/**
 * Appends, and while the outcome is unknown repeats the identical append (same ids, same bytes, same expected revision) with
 * growing pauses until the log says what became of it or the command's deadline passes.
 *
 * @throws CommandTimedOut when it is still unknown at the deadline; and what the port throws
 */
export async function appendUntilKnown(
  {
    log,
    runtime,
  }: { readonly log: Pick<EventLog, 'append'>; readonly runtime: Pick<Runtime, 'clock' | 'timers'> },
  append: {
    readonly stream: string;
    readonly expected: ExpectedRevision;
    readonly events: readonly EventToAppend[];
    readonly deadlineAtMs: number;
  },
  attemptDeadlineMs: number,
): Promise<AppendResult> {
  const { stream, expected, events, deadlineAtMs } = append;
  let unknown: AppendOutcomeUnknown | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const remainingMs = deadlineAtMs - runtime.clock.monotonicMs();
    if (remainingMs <= 0) throw timedOut(stream, unknown);
    try {
      return await log.append(stream, expected, events, {
        deadlineMs: Math.min(remainingMs, attemptDeadlineMs),
      });
    } catch (error) {
      if (error instanceof AppendOutcomeUnknown) unknown = error;
      // A conflict is certain: the store looks for these very ids before it says so.
      else if (!unknown || error instanceof RevisionConflict) throw error;
      // "Not stored" is said of this try alone, an earlier one may still have been. Only these two are worth another.
      else if (!(error instanceof LogOverloaded || error instanceof LogUnavailable)) throw unknown;
    }
    await runtime.timers.sleep(Math.min(pauseMs, Math.max(0, deadlineAtMs - runtime.clock.monotonicMs())));
  }
}

function timedOut(stream: string, unknown: AppendOutcomeUnknown | undefined): CommandTimedOut {
  const outcome = unknown ? 'whether it was stored is unknown' : 'nothing was stored';
  return new CommandTimedOut(`${stream}: the deadline passed; ${outcome}.`, { cause: unknown });
}
