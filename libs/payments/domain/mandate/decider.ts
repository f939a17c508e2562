import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type {
  MandateBill,
  MandateCommand,
  MandateEvent,
  MandateRefusal,
  MandateResult,
  MandateTerms,
  NextRun,
} from './messages.js';
import { firstRunFrom, runAfter } from './schedule.js';

export type KnownMandate = MandateTerms & {
  readonly status: 'active' | 'revoked';
  readonly nextRun: NextRun | null;
  /** The bills of `nextRun`, once it has begun. */
  readonly begun: readonly MandateBill[] | null;
};

export type MandateState = { readonly status: 'absent' } | KnownMandate;

type MandateDecision = Decision<MandateEvent, MandateRefusal>;
type Of<Kind extends MandateCommand['kind']> = Extract<MandateCommand, { kind: Kind }>;

/** Refusals that ask for nobody: the bill is settled or gone. */
const NOTHING_TO_DO: ReadonlySet<string> = new Set([
  'BILL_ALREADY_PAID',
  'BILL_CANCELLED',
  'BILL_WRITTEN_OFF',
]);

/** When a mandate pays, and what became of it; the payments themselves are payments like any other. */
export const mandateDecider: Decider<MandateCommand, MandateState, MandateEvent, MandateRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'give':
        return give(command, state);
      case 'revoke':
        return revoke(command, state);
      case 'beginRun':
        return beginRun(command, state);
      case 'recordRun':
        return recordRun(command, state);
      default:
        return assertNever(command, 'mandate command');
    }
  },
  evolve,
};

function give({ kind: _kind, ...terms }: Of<'give'>, state: MandateState): MandateDecision {
  if (state.status !== 'absent') {
    if (state.inputHash === terms.inputHash) return accept();
    return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
  }
  const nextRun = firstRunFrom(terms, localDateOf(terms.givenAt));
  return accept({ type: 'MandateGiven', data: { ...terms, nextRun } });
}

function revoke({ by, at }: Of<'revoke'>, state: MandateState): MandateDecision {
  if (state.status === 'absent') return refuse('MANDATE_NOT_FOUND', 'There is no such mandate.');
  if (state.status === 'revoked') return accept();
  return accept({ type: 'MandateRevoked', data: { mandateId: state.mandateId, by, revokedAt: at } });
}

function beginRun({ due, bills, at }: Of<'beginRun'>, state: MandateState): MandateDecision {
  if (state.status === 'absent') return refuse('MANDATE_NOT_FOUND', 'There is no such mandate.');
  const { nextRun: run, mandateId, begun } = state;
  if (run === null || due < run.due || begun) return accept();
  if (due > run.due) throw new ImpossibleHistoryError('A run of a mandate on a day that is not due.');
  return accept({ type: 'MandateRunBegun', data: { mandateId, run, bills, begunAt: at } });
}

function recordRun({ due, results, at }: Of<'recordRun'>, state: MandateState): MandateDecision {
  if (state.status === 'absent') return refuse('MANDATE_NOT_FOUND', 'There is no such mandate.');
  const { nextRun: run, mandateId } = state;
  // Recorded before.
  if (run === null || due < run.due) return accept();
  if (state.status === 'revoked') return refuse('MANDATE_ENDED', 'The mandate was revoked.');
  if (due > run.due) throw new ImpossibleHistoryError('A run of a mandate on a day that is not due.');
  const failed = results.some(hasFailed);
  const nextRun = runAfter(state, run, failed);
  const exhausted = failed && (nextRun === null || nextRun.attempt === 0);
  return accept({ type: 'MandateRun', data: { mandateId, run, results, exhausted, nextRun, ranAt: at } });
}

function hasFailed({ code }: MandateResult): boolean {
  return code !== null && !NOTHING_TO_DO.has(code);
}

/** @throws ImpossibleHistoryError */
function evolve(state: MandateState, event: MandateEvent): MandateState {
  switch (event.type) {
    case 'MandateGiven':
      if (state.status !== 'absent') throw new ImpossibleHistoryError('A mandate is given once.');
      return { ...event.data, status: 'active', begun: null };
    case 'MandateRevoked':
      if (state.status !== 'active') throw new ImpossibleHistoryError('A mandate is revoked once.');
      return { ...state, status: 'revoked', nextRun: null, begun: null };
    case 'MandateRunBegun':
      if (state.status !== 'active' || state.begun || state.nextRun?.due !== event.data.run.due) {
        throw new ImpossibleHistoryError('A run of a mandate begins once, on its day.');
      }
      return { ...state, begun: event.data.bills };
    case 'MandateRun':
      if (state.status !== 'active' || state.nextRun?.due !== event.data.run.due) {
        throw new ImpossibleHistoryError('A run of a mandate on a day that was not due.');
      }
      return { ...state, nextRun: event.data.nextRun, begun: null };
    default:
      return assertNever(event, 'mandate event');
  }
}

function refuse(code: MandateRefusal['code'], message: string): MandateDecision {
  return reject({ code, message });
}
