import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import type { ActOnCase, CaseCommand, CaseContent, CaseEvent, CaseRefusal, OpenCase } from './messages.js';
import { type CaseKind, SERVICE_LEVELS } from './service-levels.js';

/** An act as it is remembered, to tell a repeat from another act under the same key. */
interface PastAct {
  readonly requestId: string;
  readonly command: ActOnCase['command'];
  /** The owner of an assignment, the words of anything else; null once erased. */
  readonly content: string | null;
}

export interface KnownCase extends CaseContent {
  readonly status: 'open' | 'resolved';
  readonly dueAt: Instant;
  readonly owner?: string;
  /** Of the end as it stands; absent while open. */
  readonly resolvedAt?: Instant;
  readonly acts: readonly PastAct[];
}

export type CaseState = { readonly status: 'absent' } | KnownCase;

/** Acts on one case; far beyond what people do, and a bound on what a program or an angry person can. */
export const MOST_ACTS = 500;

type Answer = Decision<CaseEvent, CaseRefusal>;

export const caseDecider: Decider<CaseCommand, CaseState, CaseEvent, CaseRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.command === 'open') return open(command, state);
    if (state.status === 'absent') return refuse('CASE_NOT_FOUND', 'There is no such case.');
    const past = state.acts.find(({ requestId }) => requestId === command.requestId);
    if (past) return isRepeat(past, command) ? accept() : conflict();
    return act(command, state);
  },
  evolve,
};

function open({ command: _command, ...content }: OpenCase, state: CaseState): Answer {
  if (state.status === 'absent') {
    const { priority, dueAfterMs } = SERVICE_LEVELS[content.kind];
    const dueAt = addMs(content.openedAt, dueAfterMs);
    return accept({ type: 'CaseOpened', data: { ...content, priority, dueAt } });
  }
  // An exception is opened by what happened: whoever tells it again may have other facts by now.
  const isSame =
    state.tenant === content.tenant &&
    state.kind === content.kind &&
    state.subject === content.subject &&
    state.complainant === content.complainant &&
    (state.text === null || state.text === content.text);
  return isSame ? accept() : conflict();
}

function act(command: ActOnCase, state: KnownCase): Answer {
  const { requestId, by, at } = command;
  const { caseId, kind, complainant } = state;
  // The way to the end stays free.
  if (state.acts.length >= MOST_ACTS && command.command !== 'resolve') {
    return refuse('CASE_FULL', `A case holds at most ${MOST_ACTS} acts.`);
  }
  if (command.command === 'reopen') {
    if (state.status === 'open') return refuse('CASE_NOT_RESOLVED', 'The case is open.');
    const dueAt = dueAfter(kind, at);
    const { text } = command;
    const data = { caseId, requestId, by, complainant, text, reopenedAt: at, dueAt };
    return accept({ type: 'CaseReopened', data });
  }
  if (state.status === 'resolved') return refuse('CASE_CLOSED', 'The case is resolved.');
  switch (command.command) {
    case 'assign': {
      // Also to whom it belongs already: a repeat that comes after the next assignment must find its own.
      const data = { caseId, requestId, by, owner: command.owner, assignedAt: at };
      return accept({ type: 'CaseAssigned', data });
    }
    case 'note': {
      const { text, facts } = command;
      return accept({
        type: 'CaseNoted',
        data: { caseId, requestId, by, complainant, text, facts, notedAt: at },
      });
    }
    case 'resolve': {
      const { text, facts } = command;
      return accept({
        type: 'CaseResolved',
        data: { caseId, requestId, by, complainant, text, facts, resolvedAt: at },
      });
    }
    default:
      return assertNever(command, 'act on a case');
  }
}

function dueAfter(kind: CaseKind, at: Instant): Instant {
  return addMs(at, SERVICE_LEVELS[kind].dueAfterMs);
}

function isRepeat(past: PastAct, command: ActOnCase): boolean {
  return past.command === command.command && (past.content === null || past.content === contentOf(command));
}

function contentOf(command: ActOnCase): string {
  return command.command === 'assign' ? command.owner : command.text;
}

function evolve(state: CaseState, event: CaseEvent): CaseState {
  if (event.type === 'CaseOpened') {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A case is opened once.');
    const { priority: _priority, ...content } = event.data;
    return { status: 'open', ...content, acts: [] };
  }
  const isReopening = event.type === 'CaseReopened';
  if (state.status !== (isReopening ? 'resolved' : 'open')) {
    throw new ImpossibleHistoryError(`${event.type} cannot follow a case that is ${state.status}.`);
  }
  const { requestId } = event.data;
  const remember = (command: ActOnCase['command'], content: string | null) => [
    ...state.acts,
    { requestId, command, content },
  ];
  switch (event.type) {
    case 'CaseAssigned':
      return { ...state, owner: event.data.owner, acts: remember('assign', event.data.owner) };
    case 'CaseNoted':
      return { ...state, acts: remember('note', event.data.text) };
    case 'CaseResolved': {
      const { text, resolvedAt } = event.data;
      return { ...state, status: 'resolved', resolvedAt, acts: remember('resolve', text) };
    }
    case 'CaseReopened': {
      const { text, dueAt } = event.data;
      const { resolvedAt: _resolvedAt, ...rest } = state;
      return { ...rest, status: 'open', dueAt, acts: remember('reopen', text) };
    }
    default:
      return assertNever(event, 'case event');
  }
}

function conflict(): Answer {
  return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
}

function refuse(code: CaseRefusal['code'], message: string): Answer {
  return reject({ code, message });
}
