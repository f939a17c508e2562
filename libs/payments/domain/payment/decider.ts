import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { compare, equals, posting, subtract, sum } from '#libs/kernel/money/index.js';
import { accounts, toOrganisations } from '../accounts.js';
import type { PaymentCommand, PaymentEvent, PaymentRefusal } from './messages.js';
import type { InitiatedPayment, PaymentState } from './state.js';
import { evolve } from './evolve.js';

type PaymentDecision = Decision<PaymentEvent, PaymentRefusal>;
type Of<Kind extends PaymentCommand['kind']> = Extract<PaymentCommand, { kind: Kind }>;

/**
 * One payment: initiated → captured, or initiated → refused → failed. Capture and refusal exclude each other here, in one
 * stream, whoever asks first; so what a payment promised elsewhere can be given back without fear that it is captured meanwhile.
 */
export const paymentDecider: Decider<PaymentCommand, PaymentState, PaymentEvent, PaymentRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'initiate':
        return initiate(command, state);
      case 'capture':
        return capture(command, state);
      case 'refuse':
        return refuse(command, state);
      case 'fail':
        return fail(command, state);
      default:
        return assertNever(command, 'payment command');
    }
  },
  evolve,
};

function initiate({ kind: _kind, ...request }: Of<'initiate'>, state: PaymentState): PaymentDecision {
  if (state.status === 'absent') return accept({ type: 'PaymentInitiated', data: request });
  if (state.inputHash === request.inputHash) return accept();
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
}

function capture(command: Of<'capture'>, state: PaymentState): PaymentDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'captured':
      return accept();
    case 'refused':
    case 'failed':
      return ended('The payment was refused and cannot be captured.');
    case 'initiated':
      return accept(captured(command, state));
  }
}

function captured({ bills, cashier, businessDate, at }: Of<'capture'>, payment: InitiatedPayment) {
  const { paymentId, total, tender } = payment;
  const amounts = bills.map(({ amount }) => amount);
  if (!equals(sum(total.asset, amounts), total)) {
    throw new ImpossibleHistoryError('A capture of another amount than the payer agreed to.');
  }
  const data = { paymentId, bills, total, businessDate, capturedAt: at };
  if (tender.channel === 'wallet') {
    const postings = toOrganisations(accounts.hold(paymentId), bills);
    return { type: 'PaymentCaptured' as const, data: { ...data, change: null, postings } };
  }
  if (compare(tender.tendered, total) < 0) throw new ImpossibleHistoryError('A capture of missing cash.');
  const drawer = accounts.drawer(cashier, businessDate);
  const postings = [posting(accounts.outside('cash'), drawer, total), ...toOrganisations(drawer, bills)];
  const change = subtract(tender.tendered, total);
  return { type: 'PaymentCaptured' as const, data: { ...data, change, postings } };
}

function refuse({ failure, at }: Of<'refuse'>, state: PaymentState): PaymentDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'captured':
      return ended('The payment was captured and cannot be refused.');
    case 'refused':
    case 'failed':
      return accept();
    case 'initiated':
      return accept({
        type: 'PaymentRefused',
        data: { paymentId: state.paymentId, failure, refusedAt: at },
      });
  }
}

function fail({ at }: Of<'fail'>, state: PaymentState): PaymentDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'initiated':
    case 'captured':
      return ended('Only a payment that was refused can end as failed.');
    case 'failed':
      return accept();
    case 'refused': {
      const { paymentId, failure } = state;
      return accept({ type: 'PaymentFailed', data: { paymentId, failure, failedAt: at } });
    }
  }
}

function notFound(): PaymentDecision {
  return reject({ code: 'PAYMENT_NOT_FOUND', message: 'There is no such payment.' });
}

function ended(message: string): PaymentDecision {
  return reject({ code: 'PAYMENT_ENDED', message });
}
