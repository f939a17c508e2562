import { accept, reject, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { equals, posting } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import type { LateSuccessCommand } from './late-success-messages.js';
import type { PaymentEvent, PaymentRefusal } from './messages.js';
import { ended, notFound } from './refusals.js';
import type { FailedPayment, PaymentState, RefusedPayment } from './state.js';

type LateDecision = Decision<PaymentEvent, PaymentRefusal>;
type Of<Kind extends LateSuccessCommand['kind']> = Extract<LateSuccessCommand, { kind: Kind }>;
type Ended = RefusedPayment | FailedPayment;

/**
 * Money that comes in for a payment that was refused before is never lost: it lies in suspense until another payment uses
 * it up or it has gone back, one of the two and only once. The payment itself stays failed.
 */
export function decideOnLateSuccess(command: LateSuccessCommand, state: PaymentState): LateDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'initiated':
    case 'authorising':
    case 'unknown':
    case 'authorised':
    case 'captured':
      return ended(`The payment is ${state.status}: nothing can come too late for it.`);
    case 'refused':
    case 'failed':
      break;
    default:
      return assertNever(state, 'payment state');
  }
  switch (command.kind) {
    case 'recordLateSuccess':
      return record(command, state);
    case 'seekReturn':
      return seekReturn(command, state);
    case 'settleReturn':
      return settleReturn(command, state);
    case 'settleReallocation':
      return settleReallocation(command, state);
    default:
      return assertNever(command, 'late success command');
  }
}

function record({ reference, amount, at }: Of<'recordLateSuccess'>, payment: Ended): LateDecision {
  const { paymentId, account, initiatedAt, authorisation, total } = payment;
  if (!authorisation) {
    return reject({
      code: 'AUTHORISATION_NOT_SOUGHT',
      message: 'No institution was asked for this payment.',
    });
  }
  if (payment.lateSuccess) return accept();
  if (!equals(amount, total)) throw new ImpossibleHistoryError('A late success of another amount.');
  const { organisationId, channel } = authorisation;
  const postings = [posting(accounts.outside(channel), accounts.suspense(organisationId), amount)];
  const facts = { paymentId, account, channel, initiatedAt, reference, amount, organisationId };
  const data = { ...facts, recordedAt: at, postings };
  return accept({ type: 'PaymentLateSuccessRecorded', data });
}

function seekReturn({ operationId, at }: Of<'seekReturn'>, payment: Ended): LateDecision {
  const { lateSuccess, paymentId } = payment;
  if (!lateSuccess) return nothingInSuspense();
  if (lateSuccess.status !== 'inSuspense') return accept();
  return accept({ type: 'PaymentReturnSought', data: { paymentId, operationId, soughtAt: at } });
}

function settleReturn({ reference, at }: Of<'settleReturn'>, payment: Ended): LateDecision {
  const { lateSuccess, authorisation, paymentId } = payment;
  if (!lateSuccess) return nothingInSuspense();
  if (lateSuccess.status === 'settled') return accept();
  const { returning, amount, organisationId } = lateSuccess;
  if (!returning || !authorisation) {
    throw new ImpossibleHistoryError('A return that was never sought.');
  }
  const outside = accounts.outside(authorisation.channel);
  const postings = [posting(accounts.suspense(organisationId), outside, amount)];
  const data = { paymentId, operationId: returning.operationId, reference, amount, returnedAt: at, postings };
  return accept({ type: 'PaymentLateSuccessReturned', data });
}

function settleReallocation({ byPayment, at }: Of<'settleReallocation'>, payment: Ended): LateDecision {
  const { lateSuccess, paymentId } = payment;
  if (!lateSuccess) return nothingInSuspense();
  if (lateSuccess.status === 'settled') return accept();
  if (lateSuccess.status === 'returning') {
    throw new ImpossibleHistoryError('Money that is being given back was used for a payment.');
  }
  return accept({
    type: 'PaymentLateSuccessReallocated',
    data: { paymentId, byPayment, reallocatedAt: at },
  });
}

function nothingInSuspense(): LateDecision {
  return reject({ code: 'NO_LATE_SUCCESS', message: 'No money of the payment lies in suspense.' });
}
