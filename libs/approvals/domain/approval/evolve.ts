import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { ApprovalEvent, ApprovalRequested, DecisionContent } from './messages.js';
import type { ApprovalState, KnownApproval } from './state.js';

export function evolve(state: ApprovalState, event: ApprovalEvent): ApprovalState {
  if (event.type === 'ApprovalRequested') return requested(state, event.data);
  if (state.status === 'absent') throw impossible(event, state);
  if (event.data.payloadHash !== state.payloadHash) throw impossible(event, state);
  switch (event.type) {
    case 'ApprovalGranted':
      return decided(state, event.data, true);
    case 'ApprovalDeclined':
      return decided(state, event.data, false);
    case 'ApprovalVoided': {
      if (state.status !== 'pending' && state.status !== 'granted') throw impossible(event, state);
      return { ...state, status: 'void', cause: event.data.cause };
    }
    case 'ApprovalUsed':
      if (state.status !== 'granted') throw impossible(event, state);
      return { ...state, status: 'used', useId: event.data.useId };
    default:
      return assertNever(event, 'approval event');
  }
}

function requested(state: ApprovalState, data: ApprovalRequested['data']): ApprovalState {
  const { payloadHash, requestedAt } = data;
  const round = { payloadHash, requestedAt };
  if (state.status === 'absent') return { status: 'pending', ...data, asked: [round], decidedBy: [] };
  if (state.status !== 'void' && state.status !== 'declined') {
    throw new ImpossibleHistoryError(`A request follows one that is ${state.status}.`);
  }
  const { asked, decidedBy } = state;
  return { status: 'pending', ...data, asked: [...asked, round], decidedBy };
}

function decided(state: KnownApproval, data: DecisionContent, granted: boolean): ApprovalState {
  if (state.status !== 'pending') throw new ImpossibleHistoryError(`Decided when ${state.status}.`);
  const { checker, comment, decidedAt, payloadHash } = data;
  return {
    ...state,
    status: granted ? 'granted' : 'declined',
    decision: { granted, checker, comment, decidedAt },
    decidedBy: [...state.decidedBy, { payloadHash, personId: checker.personId }],
  };
}

function impossible(event: ApprovalEvent, state: ApprovalState): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} cannot follow an approval that is ${state.status}.`);
}
