import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PaymentEvent } from './messages.js';
import type { PaymentState } from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  switch (event.type) {
    case 'PaymentInitiated':
      if (state.status !== 'absent') throw impossible(event, state);
      return { status: 'initiated', ...event.data };
    case 'PaymentCaptured': {
      if (state.status !== 'initiated') throw impossible(event, state);
      const { bills: paidBills, change, businessDate, capturedAt } = event.data;
      return { ...state, status: 'captured', paidBills, change, businessDate, capturedAt };
    }
    case 'PaymentRefused':
      if (state.status !== 'initiated') throw impossible(event, state);
      return { ...state, status: 'refused', failure: event.data.failure };
    case 'PaymentFailed':
      if (state.status !== 'refused') throw impossible(event, state);
      return { ...state, status: 'failed' };
    default:
      return assertNever(event, 'payment event');
  }
}

function impossible(event: PaymentEvent, state: PaymentState): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} of a payment that is ${state.status}.`);
}
