import { accept, reject, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { AuthorisationCommand } from './authorisation-messages.js';
import type { PaymentEvent, PaymentRefusal } from './messages.js';
import { ended, notFound } from './refusals.js';
import type { AwaitingPayment, PaymentState } from './state.js';
import { isOutside } from './tender.js';

type AuthorisationDecision = Decision<PaymentEvent, PaymentRefusal>;
type Of<Kind extends AuthorisationCommand['kind']> = Extract<AuthorisationCommand, { kind: Kind }>;

/** What is asked of an institution, and what it answers. */
export function decideOnAuthorisation(
  command: AuthorisationCommand,
  state: PaymentState,
): AuthorisationDecision {
  switch (command.kind) {
    case 'seekAuthorisation':
      return seek(command, state);
    case 'instruct':
    case 'authorise':
    case 'loseTrack':
      return hear(command, state);
    default:
      return assertNever(command, 'authorisation command');
  }
}

function seek(
  { kind: _kind, at, ...sought }: Of<'seekAuthorisation'>,
  state: PaymentState,
): AuthorisationDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'initiated': {
      if (!isOutside(state.tender) || state.tender.channel !== sought.channel) {
        throw new ImpossibleHistoryError(`A ${state.tender.channel} payment asks no ${sought.channel}.`);
      }
      const data = { paymentId: state.paymentId, ...sought, soughtAt: at };
      return accept({ type: 'PaymentAuthorisationSought', data });
    }
    case 'authorising':
    case 'unknown':
    case 'authorised':
    case 'captured':
      return accept();
    case 'refused':
    case 'failed':
      return ended('The payment was refused; nobody is asked for it any more.');
  }
}

function hear(
  command: Exclude<AuthorisationCommand, { kind: 'seekAuthorisation' }>,
  state: PaymentState,
): AuthorisationDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'initiated':
      return notSought();
    case 'authorising':
    case 'unknown':
      return answered(command, state);
    case 'authorised':
    case 'captured':
      // The institution has answered already; what was heard too late changes nothing.
      return accept();
    case 'refused':
    case 'failed':
      return state.authorisation ? ended('The payment was refused before the answer came.') : notSought();
  }
}

function answered(
  command: Exclude<AuthorisationCommand, { kind: 'seekAuthorisation' }>,
  payment: AwaitingPayment,
): AuthorisationDecision {
  const { paymentId } = payment;
  switch (command.kind) {
    case 'instruct': {
      if (payment.remittanceCode !== undefined) return accept();
      const { remittanceCode, at } = command;
      return accept({
        type: 'PaymentInstructed',
        data: { paymentId, remittanceCode, instructedAt: at },
      });
    }
    case 'authorise': {
      const { reference, at } = command;
      return accept({ type: 'PaymentAuthorised', data: { paymentId, reference, authorisedAt: at } });
    }
    case 'loseTrack': {
      if (payment.status === 'unknown') return accept();
      const { reason, at } = command;
      return accept({ type: 'PaymentOutcomeUnknown', data: { paymentId, reason, since: at } });
    }
    default:
      return assertNever(command, 'authorisation command');
  }
}

function notSought(): AuthorisationDecision {
  return reject({
    code: 'AUTHORISATION_NOT_SOUGHT',
    message: 'No institution was asked for this payment.',
  });
}
