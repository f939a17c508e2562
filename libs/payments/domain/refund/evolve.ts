import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { RefundEvent } from './messages.js';
import type { RefundState } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: RefundState, event: RefundEvent): RefundState {
  switch (event.type) {
    case 'RefundRequested':
      if (state.status !== 'absent') throw impossible(event, state);
      return { status: 'requested', ...event.data };
    case 'RefundApproved':
      if (state.status !== 'requested') throw impossible(event, state);
      return { ...state, status: 'approved', checker: event.data.checker };
    case 'RefundSent':
      if (state.status !== 'approved') throw impossible(event, state);
      return { ...state, status: 'sent', sentAt: event.data.sentAt };
    case 'RefundReturned': {
      if (state.status !== 'sent') throw impossible(event, state);
      const { sentAt: _sentAt, ...refund } = state;
      const { reference, confirmation } = event.data;
      return {
        ...refund,
        status: 'returned',
        reference,
        ...(confirmation !== undefined && { confirmation }),
        complete: false,
        cameBack: false,
      };
    }
    case 'RefundRejected': {
      if (state.status === 'absent' || state.status === 'returned' || state.status === 'rejected') {
        throw impossible(event, state);
      }
      const { by, code, reason: why } = event.data;
      return { ...state, status: 'rejected', by, code, why, complete: false };
    }
    case 'RefundCompleted':
      if (state.status !== 'returned' && state.status !== 'rejected') throw impossible(event, state);
      if (state.complete) throw impossible(event, state);
      return { ...state, complete: true };
    case 'RefundPaidAfterAll':
      if (state.status !== 'rejected' || state.by !== 'bank' || state.paidAfterAll)
        throw impossible(event, state);
      return { ...state, paidAfterAll: true };
    case 'RefundCameBack':
      if (state.status !== 'returned' || state.cameBack) throw impossible(event, state);
      return { ...state, cameBack: true };
    default:
      return assertNever(event, 'refund event');
  }
}

function impossible(event: RefundEvent, state: RefundState): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} of a refund that is ${state.status}.`);
}
