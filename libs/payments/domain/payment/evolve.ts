import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { LateSuccessEvent } from './late-success-messages.js';
import type { PaymentCaptured, PaymentEvent } from './messages.js';
import { evolveRefunds } from './refund-fence.js';
import type {
  AuthorisedPayment,
  CapturedPayment,
  FailedPayment,
  InitiatedPayment,
  PaymentState,
  RefusedPayment,
} from './state.js';

/** @throws ImpossibleHistoryError */
export function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  switch (event.type) {
    case 'PaymentInitiated':
      if (state.status !== 'absent') throw impossible(event, state);
      return { status: 'initiated', ...event.data };
    case 'PaymentCaptured':
      if (state.status !== 'initiated' && state.status !== 'authorised') throw impossible(event, state);
      return captured(state, event.data);
    case 'PaymentRefused':
      if (state.status === 'initiated' || state.status === 'authorising' || state.status === 'unknown') {
        return { ...state, status: 'refused', failure: event.data.failure };
      }
      throw impossible(event, state);
    case 'PaymentFailed':
      if (state.status !== 'refused') throw impossible(event, state);
      return { ...state, status: 'failed' };
    case 'PaymentAuthorisationSought': {
      if (state.status !== 'initiated') throw impossible(event, state);
      const { paymentId: _paymentId, ...authorisation } = event.data;
      return { ...state, status: 'authorising', authorisation };
    }
    case 'PaymentInstructed':
      if (state.status !== 'authorising' && state.status !== 'unknown') throw impossible(event, state);
      return { ...state, remittanceCode: event.data.remittanceCode };
    case 'PaymentOutcomeUnknown': {
      if (state.status !== 'authorising') throw impossible(event, state);
      const { reason, since } = event.data;
      return { ...state, status: 'unknown', reason, since };
    }
    case 'PaymentAuthorised': {
      if (state.status !== 'authorising' && state.status !== 'unknown') throw impossible(event, state);
      const { reference, authorisedAt } = event.data;
      return { ...state, status: 'authorised', reference, authorisedAt };
    }
    case 'PaymentLateSuccessRecorded':
    case 'PaymentReturnSought':
    case 'PaymentLateSuccessReturned':
    case 'PaymentLateSuccessReallocated':
      if (state.status !== 'refused' && state.status !== 'failed') throw impossible(event, state);
      return late(state, event);
    case 'PaymentRefundHeld':
    case 'PaymentRefundReleased':
    case 'PaymentRefunded':
      if (state.status !== 'captured') throw impossible(event, state);
      return evolveRefunds(state, event);
    default:
      return assertNever(event, 'payment event');
  }
}

function captured(
  payment: InitiatedPayment | AuthorisedPayment,
  { bills: paidBills, reference, change, businessDate, capturedAt }: PaymentCaptured['data'],
): CapturedPayment {
  const figures = { paidBills, change, businessDate, capturedAt };
  return { ...payment, status: 'captured', ...figures, ...(reference !== undefined && { reference }) };
}

function late(payment: RefusedPayment | FailedPayment, event: LateSuccessEvent): PaymentState {
  const { lateSuccess } = payment;
  if (event.type === 'PaymentLateSuccessRecorded') {
    if (lateSuccess) throw impossible(event, payment);
    const { reference, amount, organisationId } = event.data;
    return { ...payment, lateSuccess: { status: 'inSuspense', reference, amount, organisationId } };
  }
  if (!lateSuccess || lateSuccess.status === 'settled') throw impossible(event, payment);
  if (event.type === 'PaymentReturnSought') {
    const { operationId, soughtAt } = event.data;
    const returning = { operationId, soughtAt };
    return { ...payment, lateSuccess: { ...lateSuccess, status: 'returning', returning } };
  }
  return { ...payment, lateSuccess: { ...lateSuccess, status: 'settled' } };
}

function impossible(event: PaymentEvent, state: PaymentState): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} of a payment that is ${state.status}.`);
}
